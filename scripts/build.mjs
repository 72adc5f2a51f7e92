// `npm run build`: dist from the sources, when they changed.
import { fileURLToPath } from 'node:url';
import { ensureBuild } from './setup/build.mjs';
import { withTools } from './setup/index.mjs';
import { runMain } from './setup/say.mjs';

await runMain(() => withTools(fileURLToPath(import.meta.url), ensureBuild));
