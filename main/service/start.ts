/** The first file of the utility process; its argument is the data folder. What it loads is compiled only once. */
import { keepCompiled } from '../compiled.ts';

/** Most of what a session calls has been called by then. */
const KEPT_AFTER_MS = 60_000;

const [, , dataFolder] = process.argv;
if (dataFolder !== undefined) keepCompiled(dataFolder, KEPT_AFTER_MS);
void import('./process.ts');
