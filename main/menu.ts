import { Menu, type MenuItemConstructorOptions } from 'electron';

/** The application menu: what the window's own keys do not cover. Set early, so that Electron does not build its default one. */
export function setMenu(actions: { addFolder(): void; quit(): void; logFolder(): void }): void {
  const isMac = process.platform === 'darwin';
  const template: MenuItemConstructorOptions[] = [
    ...(isMac ? [{ role: 'appMenu' } satisfies MenuItemConstructorOptions] : []),
    {
      label: 'File',
      submenu: [
        { label: 'Add folder...', accelerator: 'CmdOrCtrl+O', click: actions.addFolder },
        { label: 'Show data folder', click: actions.logFolder },
        { type: 'separator' },
        { label: 'Quit', accelerator: 'CmdOrCtrl+Q', click: actions.quit },
      ],
    },
    { role: 'editMenu' },
    {
      label: 'View',
      submenu: [{ role: 'resetZoom' }, { role: 'zoomIn' }, { role: 'zoomOut' }, { type: 'separator' }, { role: 'togglefullscreen' }],
    },
    { role: 'windowMenu' },
  ];
  Menu.setApplicationMenu(Menu.buildFromTemplate(template));
}
