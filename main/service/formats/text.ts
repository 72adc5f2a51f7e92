import type { Format } from './format.ts';

/** Every text format, in the order in which they are asked: the first that says yes reads the file. */
export const textFormats: Format[] = [];
