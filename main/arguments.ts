import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

export interface Arguments {
  /** Folders to open, absolute. */
  folders: string[];
  /** Where the store lives; null for the default user-data folder. */
  dataFolder: string | null;
}

/** Reads `gapwatch [--data <dir>] [<folder> ...]` from what follows the executable. Chromium's own switches are skipped. */
export function readArguments(args: readonly string[], environment: NodeJS.ProcessEnv, workingFolder: string): Arguments {
  const folders: string[] = [];
  let dataFolder = environment['GAPWATCH_DATA'] ?? null;
  for (let at = 0; at < args.length; at += 1) {
    const argument = args[at] ?? '';
    if (argument === '--data') {
      dataFolder = args[at + 1] ?? dataFolder;
      at += 1;
    } else if (argument.startsWith('--data=')) dataFolder = argument.slice('--data='.length);
    else if (argument !== '' && argument !== '.' && !argument.startsWith('-')) folders.push(resolve(workingFolder, argument.replace(/^~(?=$|\/)/, homedir())));
  }
  return { folders, dataFolder: dataFolder === null || dataFolder === '' ? null : resolve(workingFolder, dataFolder) };
}

/** Where Gapwatch keeps its data when nothing else is said: the same place for the window and the command line. */
export function defaultDataFolder(environment: NodeJS.ProcessEnv, platform: NodeJS.Platform): string {
  if (platform === 'win32') return join(environment['APPDATA'] ?? join(homedir(), 'AppData', 'Roaming'), 'Gapwatch');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Application Support', 'Gapwatch');
  return join(environment['XDG_CONFIG_HOME'] ?? join(homedir(), '.config'), 'Gapwatch');
}
