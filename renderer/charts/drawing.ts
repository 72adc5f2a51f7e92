/** One queue of drawings for all charts: each is drawn at most once a frame, and many of them are spread over several frames. */

/**
 * After so many milliseconds of drawing the rest waits for the next frame. Chromium rasters what was drawn in the same task, which takes
 * as long again in software, and no task may take 50 ms.
 */
const BUDGET_MS = 12;

const waiting = new Set<() => void>();
let scheduled = false;

/** Draws in the next frame that has time for it; asking again before then changes nothing. */
export function redraw(draw: () => void): void {
  waiting.add(draw);
  schedule();
}

/** Takes a drawing back that has not happened yet. */
export function forget(draw: () => void): void {
  waiting.delete(draw);
}

function schedule(): void {
  if (scheduled || waiting.size === 0) return;
  scheduled = true;
  requestAnimationFrame(() => void drawSome());
}

async function drawSome(): Promise<void> {
  const end = performance.now() + BUDGET_MS;
  try {
    for (const draw of waiting) {
      waiting.delete(draw);
      draw();
      // uPlot puts the picture on its canvas in a microtask; this one comes after it.
      await undefined;
      if (performance.now() > end) break;
    }
  } finally {
    scheduled = false;
    schedule();
  }
}
