import { BrowserWindow, nativeTheme, screen } from 'electron';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { origin } from './protocol.ts';

interface Placement {
  x?: number;
  y?: number;
  width: number;
  height: number;
  maximized: boolean;
}

/** Deaths of the page's process within this time add up, and after so many it stays down. */
const CALM_MS = 60_000;
const MOST_DEATHS = 5;

const DEFAULT: Placement = { width: 1440, height: 900, maximized: false };

/** Opens the one window. `placementFile` remembers where it stood; `preload` is the bridge script. */
export function openWindow({ preload, placementFile, icon }: { preload: string; placementFile: string; icon: string }): BrowserWindow {
  const placement = visible(readPlacement(placementFile));
  const window = new BrowserWindow({
    ...placement,
    minWidth: 760,
    minHeight: 520,
    show: false,
    title: 'Gapwatch',
    backgroundColor: nativeTheme.shouldUseDarkColors ? '#101214' : '#fbfbfa',
    webPreferences: { preload, contextIsolation: true, nodeIntegration: false, sandbox: true, spellcheck: false, webviewTag: false },
  });
  if (placement.maximized) window.maximize();
  window.once('ready-to-show', () => {
    // Not before: it is decoded and scaled on the thread that the page waits for, 6 - 13 ms of a start. On macOS the bundle has it.
    if (process.platform !== 'darwin') window.setIcon(icon);
    window.show();
  });
  window.on('close', () => savePlacement(placementFile, window));
  reviveWhenGone(window);
  void window.loadURL(`${origin()}/`);
  return window;
}

/** Loads the page again when its process died, but not for ever: one that dies at once each time would keep the machine busy. */
function reviveWhenGone(window: BrowserWindow): void {
  let deaths: number[] = [];
  window.webContents.on('render-process-gone', (_event, { reason, exitCode }) => {
    if (reason === 'clean-exit') return;
    process.stderr.write(`gapwatch: the window's process ended (${reason}, ${exitCode})\n`);
    deaths = [...deaths.filter((at) => performance.now() - at < CALM_MS), performance.now()];
    if (deaths.length <= MOST_DEATHS) window.webContents.reload();
  });
}

/** Writes a picture of the window after its first full paint, for machines without a display. */
export async function saveScreenshot(window: BrowserWindow, file: string): Promise<void> {
  const picture = await window.webContents.capturePage();
  mkdirSync(dirname(file), { recursive: true });
  await writeFile(file, picture.toPNG());
}

function readPlacement(file: string): Placement {
  try {
    const read = JSON.parse(readFileSync(file, 'utf8')) as Partial<Placement>;
    const { x, y, width, height, maximized } = read;
    if (![width, height].every((size) => typeof size === 'number' && size >= 400 && size < 20_000)) return DEFAULT;
    const place = typeof x === 'number' && typeof y === 'number' ? { x, y } : {};
    return { ...place, width: width as number, height: height as number, maximized: maximized === true };
  } catch {
    return DEFAULT;
  }
}

/** A window that stood on a display which is gone opens where it can be seen. */
function visible(placement: Placement): Placement {
  const { x, y, width, height } = placement;
  if (x === undefined || y === undefined) return placement;
  const seen = screen.getAllDisplays().some(({ workArea }) => {
    return x < workArea.x + workArea.width - 100 && x + width > workArea.x + 100 && y >= workArea.y - 20 && y < workArea.y + workArea.height - 60;
  });
  return seen ? placement : { width, height, maximized: placement.maximized };
}

function savePlacement(file: string, window: BrowserWindow): void {
  const placement: Placement = { ...window.getNormalBounds(), maximized: window.isMaximized() };
  try {
    writeFileSync(file, JSON.stringify(placement));
  } catch {
    // A full disk must not keep the window from closing; the next one opens at the default place.
  }
}
