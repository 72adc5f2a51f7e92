/** One queue of drawings for all charts: each is drawn at most once a frame, and many of them are spread over several frames. */
import { nextTask } from '../state/frames.ts';

/**
 * After so many milliseconds of drawing the rest waits for the next frame. Chromium rasters what was drawn in the same task, which takes
 * as long again in software, and no task may take 50 ms.
 */
const BUDGET_MS = 12;

const waiting = new Set<() => void>();
let scheduled = false;
let begun = false;

/** Draws in the next frame that has time for it; asking again before then changes nothing. */
export function redraw(draw: () => void): void {
  waiting.add(draw);
  schedule();
}

/**
 * Draws what has just been made in a task of its own before the next frame, which then shows it: one drawing a frame, the others are left to
 * redraw. Within the frame it would make one task with layout and raster, of 43 ms for the losses of a first run.
 */
export function drawFirst(draw: () => void): void {
  if (begun || scheduled) return;
  begun = true;
  requestAnimationFrame(() => (begun = false));
  void nextTask().then(draw);
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
