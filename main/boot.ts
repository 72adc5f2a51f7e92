/** The composition root: reads from top to bottom as the story of a start. */
import { app, type BrowserWindow, clipboard, dialog, nativeTheme, powerMonitor, shell, type Tray } from 'electron';
import { join } from 'node:path';
import type { Banner, Events, Settings } from '../preload/contract.ts';
import { openBridge, sendEvent } from './bridge.ts';
import { setMenu } from './menu.ts';
import { openNotifications } from './notifications.ts';
import { serveRenderer } from './protocol.ts';
import { resource } from './resource.ts';
import { lockDown } from './security.ts';
import type { ServiceHost } from './serviceHost.ts';
import type { FromService } from './service/messages.ts';
import { openTray } from './tray.ts';
import { openWindow, saveScreenshot } from './window.ts';

const dist = join(import.meta.dirname, '..');

/** `service` has been started, and has said nothing yet that was heard. */
export function boot({ dataFolder, folders, service }: { dataFolder: string; folders: string[]; service: ServiceHost }): void {
  lockDown();
  serveRenderer(join(dist, 'renderer'));

  let window: BrowserWindow | null = null;
  let tray: Tray | null = null;
  let keepRunning = false;
  let painted = false;
  const ownBanners = new Map<string, Banner>();
  let serviceBanners: Banner[] = [];

  const tell = <K extends keyof Events>(event: K, payload: Events[K]): void => sendEvent(window, event, payload);
  const banners = (): Banner[] => [...ownBanners.values(), ...serviceBanners];
  const tellBanners = (): void => tell('banners', banners());

  const notifications = openNotifications(
    (notice) => {
      show();
      tell('openRun', { run: notice.run, step: notice.step });
    },
    (notice, reason) => {
      ownBanners.set('notification', { id: 'notification', tone: 'info', text: `${notice.title}. (No desktop notification: ${reason}.)` });
      tellBanners();
    },
  );

  service.listen({
    message: receive,
    restarted() {
      ownBanners.set('service', { id: 'service', tone: 'warn', text: 'The background service was restarted; it goes on where it stopped.' });
      tellBanners();
      bridge.reconnect(window);
    },
    trouble(sentence) {
      ownBanners.set('service', { id: 'service', tone: 'bad', text: sentence });
      tellBanners();
    },
  });

  const bridge = openBridge(
    {
      banners: () => Promise.resolve({ ok: true, value: banners() }),
      async chooseFolder() {
        const options = { title: 'Choose a folder with training runs', properties: ['openDirectory' as const] };
        const chosen = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options);
        const [folder] = chosen.filePaths;
        return folder === undefined ? { ok: true, value: null } : ((await service.request('addFolder', [folder])) as never);
      },
      copyText(text) {
        clipboard.writeText(text);
        return Promise.resolve({ ok: true, value: null });
      },
      async openLink(name) {
        // The page names a link; only this list says what it is (security item 15).
        if (name === 'log-folder') await shell.openPath(dataFolder);
        else await shell.openPath(join(app.getAppPath(), 'README.md'));
        return { ok: true, value: null };
      },
    },
    service,
  );

  setMenu({ addFolder: () => void addByDialog(), quit: () => app.quit(), logFolder: () => void shell.openPath(dataFolder) });
  powerMonitor.on('resume', () => service.send({ kind: 'resumed' }));
  nativeTheme.on('updated', () => tell('theme', nativeTheme.shouldUseDarkColors ? 'dark' : 'light'));

  app.on('second-instance', (_event, _argv, _cwd, data) => {
    show();
    for (const folder of (data as { folders?: string[] }).folders ?? []) void openFolder(folder);
  });
  app.on('activate', show);
  app.on('window-all-closed', () => {
    if (!keepRunning || !tray) app.quit();
  });
  let closed = false;
  app.on('before-quit', (event) => {
    if (closed) return;
    event.preventDefault();
    notifications.close();
    void service.close().then(() => {
      closed = true;
      app.quit();
    });
  });

  show();
  for (const folder of folders) void openFolder(folder);

  function receive(message: FromService): void {
    if (message.kind === 'event') {
      if (message.event === 'banners') {
        serviceBanners = message.payload;
        tellBanners();
      } else tell(message.event, message.payload as never);
    } else if (message.kind === 'notice') notifications.show(message.notice);
    else if (message.kind === 'settings') apply(message.settings);
  }

  function apply(settings: Settings): void {
    nativeTheme.themeSource = settings.theme;
    keepRunning = settings.keepRunning;
    if (keepRunning && !tray) tray = openTray(resource('icon.png', 'docs/icon/icon.png'), { show, quit: () => app.quit() });
    if (!keepRunning && tray) {
      tray.destroy();
      tray = null;
    }
  }

  function show(): void {
    if (window && !window.isDestroyed()) {
      if (window.isMinimized()) window.restore();
      window.show();
      window.focus();
      return;
    }
    window = openWindow({ preload: join(dist, 'preload', 'index.cjs'), placementFile: join(dataFolder, 'window.json'), icon: resource('icon.png', 'docs/icon/icon.png') });
    window.webContents.once('did-finish-load', () => void afterFirstPaint());
    window.on('closed', () => {
      window = null;
    });
  }

  async function openFolder(folder: string): Promise<void> {
    const answer = await service.request('addFolder', [folder]);
    if (answer.ok) return;
    ownBanners.set(`folder:${folder}`, { id: `folder:${folder}`, tone: 'bad', text: answer.error.message });
    tellBanners();
  }

  async function addByDialog(): Promise<void> {
    const options = { title: 'Choose a folder with training runs', properties: ['openDirectory' as const] };
    const chosen = window ? await dialog.showOpenDialog(window, options) : await dialog.showOpenDialog(options);
    for (const folder of chosen.filePaths) await openFolder(folder);
  }

  /** On a machine without a display the start script asks for a picture, so that one sees that there is something to see. */
  async function afterFirstPaint(): Promise<void> {
    const file = process.env['GAPWATCH_SCREENSHOT'];
    if (painted || !window || file === undefined || file === '') return;
    painted = true;
    // The first curves arrive over the bridge after the load event; a second is ample and nobody waits for this picture.
    await new Promise((resolve) => setTimeout(resolve, 1500));
    await saveScreenshot(window, file);
    process.stdout.write(`Screenshot of the first paint: ${file}\n`);
    if (process.env['GAPWATCH_EXIT_AFTER_PAINT'] === '1') app.quit();
  }
}
