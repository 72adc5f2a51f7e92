/** The window with a fake bridge: in the Electron of this checkout, else in a system Chromium. */
import { existsSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import type { Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { _electron, chromium, type Page } from 'playwright';
import { electronExecutable } from '../../scripts/electron.mjs';
import { buildWindow, serve } from '../fixtures/bridge/serve.ts';

export interface Stage {
  page: Page;
  /** Opens the window anew on a scene of the fake bridge: 'rows=3000', 'scene=empty'. Nothing is remembered from before. */
  open(query: string): Promise<void>;
  resize(width: number, height: number): Promise<void>;
  /** The zoom of the View menu: 2 is 200 %. */
  zoom(factor: number): Promise<void>;
  close(): Promise<void>;
  /** What it runs in, for the report. */
  runtime: string;
}

const CHROMIUMS = [process.env['GAPWATCH_CHROMIUM'] ?? '', '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** Why there is nothing to run these tests in; null if there is. */
export function nothingToRunIn(): string | null {
  if (browserPath() || electronPath()) return null;
  return 'neither the Electron of this checkout (npm start fetches it) nor a system Chromium was found';
}

function browserPath(): string | null {
  return CHROMIUMS.find((path) => path && existsSync(path)) ?? null;
}

function electronPath(): ReturnType<typeof electronExecutable> | null {
  try {
    return process.platform === 'linux' && !process.env['DISPLAY'] && !process.env['WAYLAND_DISPLAY'] ? null : electronExecutable();
  } catch {
    return null;
  }
}

/** Builds the window, serves it and opens an empty one. */
export async function openStage(): Promise<Stage> {
  const folder = await mkdtemp(join(tmpdir(), 'gapwatch-window-'));
  const fake = await buildWindow(folder);
  const { url, server } = await serve(folder);
  const shut = async () => {
    await closed(server);
    await rm(folder, { recursive: true, force: true });
  };
  const stage = (await inElectron(fake, url)) ?? (await inChromium(fake, url));
  if (!stage) throw new Error(nothingToRunIn() ?? '');
  return { ...stage, close: () => stage.close().then(shut) };
}

async function inElectron(fake: string, url: string): Promise<Stage | null> {
  const electron = process.env['GAPWATCH_CHROMIUM'] ? null : electronPath();
  if (!electron) return null;
  const empty = join(import.meta.dirname, '../fixtures/bridge/electron');
  const app = await _electron.launch({ executablePath: electron.executable, args: [...electron.argsBefore.slice(0, -1), empty] });
  const page = await app.firstWindow();
  await page.addInitScript(fake);
  return {
    runtime: `Electron ${electron.version}`,
    page,
    open: (query) => openAnew(page, `${url}?${query}`),
    async resize(width, height) {
      await app.evaluate(({ BrowserWindow }, size) => BrowserWindow.getAllWindows()[0]?.setContentSize(...size), [width, height] as [number, number]);
      await page.waitForFunction(([w, h]) => innerWidth === w && innerHeight === h, [width, height]);
    },
    async zoom(factor) {
      await app.evaluate(({ BrowserWindow }, to) => BrowserWindow.getAllWindows()[0]?.webContents.setZoomFactor(to), factor);
      await page.waitForFunction((to) => Math.abs(outerWidth / innerWidth - to) < 0.05, factor);
    },
    close: () => app.close(),
  };
}

async function inChromium(fake: string, url: string): Promise<Stage | null> {
  const executablePath = browserPath();
  if (!executablePath) return null;
  const browser = await chromium.launch({ executablePath, args: process.getuid?.() === 0 ? ['--no-sandbox'] : [] });
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 } });
  await context.addInitScript(fake);
  const page = await context.newPage();
  return {
    runtime: `Chromium ${browser.version()}`,
    page,
    open: (query) => openAnew(page, `${url}?${query}`),
    resize: (width, height) => page.setViewportSize({ width, height }),
    zoom: (factor) => page.setViewportSize({ width: Math.round(1440 / factor), height: Math.round(900 / factor) }),
    close: () => browser.close(),
  };
}

async function openAnew(page: Page, url: string): Promise<void> {
  if (page.url().startsWith('http')) await page.evaluate(() => localStorage.clear());
  await page.goto(url);
}

function closed(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}
