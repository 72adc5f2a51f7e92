/** Before ready: name, command line, data folder, single-instance lock, scheme, sandbox. At ready the service, and then boot.ts. */
import { app, Menu } from 'electron';
import { mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { defaultDataFolder, readArguments } from './arguments.ts';
import { isCommand } from './commandLine.ts';
import { registerScheme } from './protocol.ts';
import { resource } from './resource.ts';
import { startService, type ServiceHost } from './serviceHost.ts';
import type * as terminal from './terminal.ts';

const APP_ID = 'app.gapwatch.Gapwatch';

const args = ownArguments();

if (isCommand(args[0])) {
  // The installed program's own command line. The scripts of `cli.ts`, which are kept compiled.
  const { runCommand } = createRequire(import.meta.filename)('../service/terminal.cjs') as typeof terminal;
  // Chromium waits for this module, and so is not there to miss a display.
  app.exit(await runCommand(args, app.getVersion()));
} else {
  openApp();
}

function openApp(): void {
  const given = readArguments(args, process.env, process.cwd());
  const dataFolder = given.dataFolder ?? defaultDataFolder(process.env, process.platform);
  app.setName('Gapwatch');
  app.setAppUserModelId(APP_ID);
  // Chromium's own files go below ours, so that the lock is one per data folder and a test can have a folder of its own.
  app.setPath('userData', join(dataFolder, 'window'));
  // It would take --no-sandbox away from the children, which root's window cannot start without.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  registerScheme();
  if (!app.requestSingleInstanceLock({ folders: given.folders })) {
    app.exit(0);
    return;
  }
  // Else Electron builds its own one first.
  Menu.setApplicationMenu(null);
  // Read while Chromium starts; a second instance never gets here.
  const booting = import('./boot.ts');
  void app.whenReady().then(async () => {
    // First of all: its process takes longest to start, and needs nothing of what the window needs.
    const service = serviceOn(dataFolder);
    (await booting).boot({ dataFolder, folders: given.folders, service });
  });
}

function serviceOn(dataFolder: string): ServiceHost {
  mkdirSync(dataFolder, { recursive: true });
  return startService(join(import.meta.dirname, '..', 'service', 'service.cjs'), {
    kind: 'open',
    dataFolder,
    version: app.getVersion(),
    examplesFolder: resource('examples', 'main/service/examples/runs'),
    nvidiaSmi: process.env['GAPWATCH_NVIDIA_SMI'] ?? null,
  });
}

/** What follows the executable, or, when Electron was told which app to run, what follows the app's folder; without Chromium's word that root needs. */
function ownArguments(): string[] {
  const args = process.argv.slice(1).filter((argument) => argument !== '--no-sandbox');
  return process.defaultApp ? args.slice(args.findIndex((argument) => !argument.startsWith('-')) + 1) : args;
}
