/** Everything that a page could ask for and does not get; numbers are the items of Electron's security checklist. */
import { app, session } from 'electron';

export function lockDown(): void {
  // 5: Electron approves every permission unless told otherwise.
  session.defaultSession.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.defaultSession.setPermissionCheckHandler(() => false);
  app.on('web-contents-created', (_event, contents) => {
    contents.on('will-navigate', (event) => event.preventDefault()); // 13
    contents.on('will-redirect', (event) => event.preventDefault());
    contents.setWindowOpenHandler(() => ({ action: 'deny' })); // 14
    contents.on('will-attach-webview', (event) => event.preventDefault()); // 12
  });
}
