/** Widths of the side columns in CSS pixels, as the user drew them; null: as wide as the window suggests. */
import { recall, remember } from './remembered.ts';

export const LIMITS = { left: { least: 200, most: 520 }, right: { least: 300, most: 640 } } as const;
export type Side = keyof typeof LIMITS;

export class Columns {
  left = $state(recalled('left'));
  right = $state(recalled('right'));

  /** Sets a width, within its limits; null gives it back to the window. */
  set(side: Side, width: number | null): void {
    this[side] = width === null ? null : within(side, width);
    remember(`column ${side}`, this[side]);
  }
}

function within(side: Side, width: number): number {
  return Math.round(Math.max(LIMITS[side].least, Math.min(LIMITS[side].most, width)));
}

function recalled(side: Side): number | null {
  const stored = recall().get(`column ${side}`);
  return typeof stored === 'number' && Number.isFinite(stored) ? within(side, stored) : null;
}
