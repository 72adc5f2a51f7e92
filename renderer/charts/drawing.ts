/** One animation frame for all charts: each is drawn at most once in it. */

const waiting = new Set<() => void>();

/** Draws in the next frame; asking again before then changes nothing. */
export function redraw(draw: () => void): void {
  if (waiting.size === 0) requestAnimationFrame(drawAll);
  waiting.add(draw);
}

/** Takes a drawing back that has not happened yet. */
export function forget(draw: () => void): void {
  waiting.delete(draw);
}

function drawAll(): void {
  const now = [...waiting];
  waiting.clear();
  for (const draw of now) draw();
}
