import { Menu, nativeImage, Tray } from 'electron';

/** A tray icon for those who keep Gapwatch running with its window closed. Returns null where the desktop shows none. */
export function openTray(icon: string, actions: { show(): void; quit(): void }): Tray | null {
  const image = nativeImage.createFromPath(icon);
  if (image.isEmpty()) return null;
  try {
    const tray = new Tray(image.resize({ width: 22, height: 22 }));
    tray.setToolTip('Gapwatch');
    tray.setContextMenu(
      Menu.buildFromTemplate([
        { label: 'Show Gapwatch', click: actions.show },
        { type: 'separator' },
        { label: 'Quit', click: actions.quit },
      ]),
    );
    tray.on('click', actions.show);
    return tray;
  } catch {
    return null;
  }
}
