/** Serves the window from `app://gapwatch/`: no file: URL, no network, one strict content security policy (security items 7 and 18). */
import { app, protocol } from 'electron';
import { fileFor } from './servedFile.ts';

const OWN_ORIGIN = 'app://gapwatch';
/** Chromium's number for a file that is not there. */
const NOT_FOUND = -6;

/** Where our page is served from: always our own scheme, but for `npm run dev`, which serves it with hot reload. */
export function origin(): string {
  const server = process.env['GAPWATCH_DEV_SERVER'];
  return !app.isPackaged && server !== undefined && server !== '' ? new URL(server).origin : OWN_ORIGIN;
}

const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  // Text never becomes markup or script; Svelte's own templates are the one exception.
  "require-trusted-types-for 'script'",
  'trusted-types svelte-trusted-html',
].join('; ');

/** To be called before ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/**
 * Answers requests with files below `folder` and nothing else. Chromium reads and sends the file and tells its type from its name; the
 * successor `protocol.handle` would first load Node's whole HTTP client, 45 ms of the main process before the page can begin.
 */
export function serveRenderer(folder: string): void {
  protocol.registerFileProtocol('app', ({ url }, answer) => {
    const path = fileFor(url, folder);
    if (path === null) answer({ error: NOT_FOUND });
    else answer({ path, headers: { 'content-security-policy': CONTENT_SECURITY_POLICY, 'x-content-type-options': 'nosniff' } });
  });
}
