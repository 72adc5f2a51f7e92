import { ensureBuild } from './build.mjs';
import { ensureDependencies, replacementNode } from './dependencies.mjs';
import { ensureElectron } from './electron.mjs';
import { ensureNative } from './native.mjs';
import { foreground } from './run.mjs';
import { Problem } from './say.mjs';
import { ensureLibraries } from './system.mjs';

/**
 * Gives every command the packages and the Node it needs, then runs it, if need be once more under that Node.
 * @param {string} script path of the calling script
 * @param {() => Promise<number | void>} command
 * @returns {Promise<number | void>}
 */
export async function withTools(script, command) {
  const major = Number(process.versions.node.split('.')[0]);
  if (major < 18) throw new Problem(`Node ${process.version} is too old even for the set-up`, 'install Node 24 from nodejs.org');
  await ensureDependencies();
  const [node, ...args] = replacementNode(script) ?? [];
  return node ? foreground(node, args) : command();
}

/** Electron with all it needs to start the app: its libraries, a better-sqlite3 that loads in it, and the built app. */
export async function ensureApp() {
  const runtime = await ensureElectron();
  await ensureLibraries(runtime);
  // The build does not load the native module, so a machine that must compile it does both at once.
  const outcomes = await Promise.allSettled([ensureNative(runtime), ensureBuild()]);
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
  return runtime;
}
