/** Waiting for the screen. */

/** Resolves before the next frame is drawn; at once-ish (by a timer) while the window is hidden, where no frames are drawn. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) setTimeout(resolve, 0);
    else requestAnimationFrame(() => resolve());
  });
}

/** Calls back once the frame that is being prepared has been drawn. Never while the window is hidden. */
export function afterPaint(done: () => void): void {
  if (document.hidden) return;
  requestAnimationFrame(() => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      done();
    };
    port2.postMessage(null);
  });
}
