/** The pages of all causes by id. */
import { dataPages } from './data.ts';
import { handicapPages } from './handicaps.ts';
import { lagPages } from './lag.ts';
import { objectivePages } from './objectives.ts';
import type { CausePage } from './page.ts';
import { scalePages } from './scales.ts';

export const causePages: ReadonlyMap<string, CausePage> = new Map(
  Object.entries({ ...lagPages, ...handicapPages, ...objectivePages, ...scalePages, ...dataPages }),
);
