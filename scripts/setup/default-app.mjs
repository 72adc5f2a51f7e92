// Stands in for Electron's own default_app.asar, which the registry-only runtime lacks: with it that runtime starts the
// app named on its command line, `electron <folder> ...`, as every development Electron does. Runs inside Electron.
import { app } from 'electron';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const folder = process.argv.slice(1).find((argument) => !argument.startsWith('-'));
if (folder === undefined) {
  console.error('usage: electron <folder of the app> [arguments]');
  process.exit(1);
}

const appPath = resolve(folder);
const declared = JSON.parse(readFileSync(join(appPath, 'package.json'), 'utf8'));
Object.defineProperty(process, 'defaultApp', { configurable: false, enumerable: true, value: true });
app.setName(declared.productName ?? declared.name);
// These two exist for default apps only and are not part of the public types.
Object(app).setVersion(declared.version);
Object(app).setAppPath(appPath);
if (declared.desktopName) Object(app).setDesktopName(declared.desktopName);
await import(pathToFileURL(join(appPath, declared.main)).href);
