/** Waiting for the screen. */

/** Resolves before the next frame is drawn; at once-ish (by a timer) while the window is hidden, where no frames are drawn. */
export function nextFrame(): Promise<void> {
  return new Promise((resolve) => {
    if (document.hidden) setTimeout(resolve, 0);
    else requestAnimationFrame(() => resolve());
  });
}

/** Resolves in a task of its own after the next frame was made: what follows delays no picture. While hidden as nextFrame. */
export async function afterFrame(): Promise<void> {
  await nextFrame();
  await nextTask();
}

/** Resolves in a task of its own, before the next frame if there is time. */
export function nextTask(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(null);
  });
}

/** Calls back once the frame that is being prepared has been drawn. Never while the window is hidden. */
export function afterPaint(done: () => void): void {
  if (document.hidden) return;
  void afterFrame().then(done);
}
