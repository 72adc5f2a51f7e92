/** Serves the window from `app://gapwatch/`: no file: URL, no network, one strict content security policy (security items 7 and 18). */
import { app, protocol } from 'electron';
import { readFile } from 'node:fs/promises';
import { extname } from 'node:path';
import { fileFor } from './servedFile.ts';

const OWN_ORIGIN = 'app://gapwatch';

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

const CONTENT_TYPES = new Map([
  ['.html', 'text/html; charset=utf-8'],
  ['.js', 'text/javascript; charset=utf-8'],
  ['.css', 'text/css; charset=utf-8'],
  ['.woff2', 'font/woff2'],
  ['.svg', 'image/svg+xml'],
  ['.png', 'image/png'],
]);

/** To be called before ready. */
export function registerScheme(): void {
  protocol.registerSchemesAsPrivileged([{ scheme: 'app', privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }]);
}

/** Answers requests with files below `folder` and nothing else. */
export function serveRenderer(folder: string): void {
  protocol.handle('app', async (request) => {
    const file = fileFor(request.url, folder);
    if (file === null) return new Response('not found', { status: 404 });
    try {
      return new Response(await readFile(file), {
        headers: {
          'content-type': CONTENT_TYPES.get(extname(file)) ?? 'application/octet-stream',
          'content-security-policy': CONTENT_SECURITY_POLICY,
          'x-content-type-options': 'nosniff',
        },
      });
    } catch {
      return new Response('not found', { status: 404 });
    }
  });
}
