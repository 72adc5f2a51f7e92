/** What a chart shows, as plain values: the one thing that views hand to the uPlot wrapper. */
import type { Axis } from '../../preload/contract.ts';
import type { Curve } from './columns.ts';
import type { Range } from './ranges.ts';

/** Name of a colour token without its dashes: 'train', 'bad', 'run-1'. */
export type Colour = string;

/** A shape on a line, here and there: tells lines of one colour and style apart. */
export type Sign = 'ring' | 'square';

export interface Line extends Curve {
  /** Stable over updates: tells lines apart. */
  key: string;
  /** Attribute name of the last drawn value, for tests and assistive tools: `data-last-<name>`. */
  name: string;
  colour: Colour;
  width: number;
  dash?: readonly number[];
  sign?: Sign | undefined;
  /** Mark every point with a dot, as far as they can be told apart. */
  dots?: boolean;
  opacity?: number;
  /** How a value is written, with its unit; else with three significant digits. */
  format?: (y: number) => string;
  /** Fill down to zero with this opacity. */
  fill?: number;
  /** Of each pixel column it holds what all points together show there. */
  thinned?: boolean;
  /** How many points it stands for, where that is not the length of x. */
  points?: number;
  /** NaN or an infinity, if it ends with that. */
  end?: number;
  /** A line that is only there for the eye (raw behind smoothed) is left out of the cursor's values. */
  ghost?: boolean;
}

export interface Band {
  x: ArrayLike<number>;
  low: ArrayLike<number | null>;
  high: ArrayLike<number | null>;
  colour: Colour;
}

/** A dotted vertical through all charts of the axis. */
export interface Vertical {
  x: number;
  label: string;
  colour: Colour;
}

/** A stretch of the axis with a tint. */
export interface Stretch {
  from: number;
  to: number;
  label: string;
  colour: Colour;
}

/** A horizontal line: zero, or the margin of the detector. */
export interface Level {
  y: number;
  label: string;
}

/** A value that has no place on the y axis. */
export interface Mark {
  x: number;
  word: string;
  colour: Colour;
  /** Where it stands; at the bottom if not said. */
  edge?: 'top' | 'bottom';
}

export interface Spec {
  lines: readonly Line[];
  bands?: readonly Band[];
  verticals?: readonly Vertical[];
  stretches?: readonly Stretch[];
  levels?: readonly Level[];
  marks?: readonly Mark[];
  axis: Axis;
  range: Range;
  log?: boolean;
  /** Fixed y range; else it follows from the data in sight and `include`. */
  y?: readonly [number, number];
  include?: readonly number[];
  /** Which axes are written out. */
  axes: 'both' | 'y' | 'none';
  /** Write the labels of verticals, stretches and marks, or of stretches only. */
  labelled?: boolean | 'stretches';
  /** At most about so many labels on the y axis. */
  yLabels?: number;
  formatY?: (y: number) => string;
}

/** What charts of one axis share: the part that is shown and the cursor. Views' states have this shape. */
export interface Viewport {
  readonly range: Range;
  readonly whole: Range;
  cursor: number | null;
  setZoom(zoom: Range | null): void;
  zoomBy(factor: number, at?: number): void;
  panBy(share: number): void;
}
