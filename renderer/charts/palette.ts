/** Colours for canvases, read from the CSS tokens so that there is one source for both themes and for forced colours. */
import type { Sign } from './spec.ts';

let cache = new Map<string, string>();
let probe: HTMLElement | null = null;
const watchers = new Set<() => void>();

const RUN_COLOURS = 8;
const SIGNS: readonly (Sign | undefined)[] = [undefined, 'ring', 'square'];

/** Token of a compared run's colour, by its place in the comparison. */
export function runColour(place: number): string {
  return `run-${(place % RUN_COLOURS) + 1}`;
}

/** Sign on a compared run's lines, by its place: none for the first eight, then one for each time that the colours come again. */
export function runSign(place: number): Sign | undefined {
  return SIGNS[Math.floor(place / RUN_COLOURS) % SIGNS.length];
}

/** What tells a compared run's lines from the others, by its place. */
export const runLook = (place: number): { colour: string; sign: Sign | undefined } => ({ colour: runColour(place), sign: runSign(place) });

/** The colour of a token as the page shows it now, with `opacity` 0 to 1. */
export function colour(token: string, opacity = 1): string {
  const name = `${token} ${opacity}`;
  const known = cache.get(name);
  if (known) return known;
  if (!probe) {
    probe = document.createElement('span');
    probe.hidden = true;
    // With forced colours the tokens are system colours already; their opacity must stay.
    probe.style.setProperty('forced-color-adjust', 'none');
    document.body.append(probe);
  }
  probe.style.color = opacity === 1 ? `var(--${token})` : `color-mix(in srgb, var(--${token}) ${opacity * 100}%, transparent)`;
  const read = getComputedStyle(probe).color;
  cache.set(name, read);
  return read;
}

/** Calls back whenever the colours change: theme, contrast or forced colours. Returns the way to stop. */
export function onColours(changed: () => void): () => void {
  if (watchers.size === 0) listen();
  watchers.add(changed);
  return () => watchers.delete(changed);
}

let listening = false;

function listen(): void {
  if (listening) return;
  listening = true;
  const changed = () => {
    cache = new Map();
    for (const watcher of watchers) watcher();
  };
  for (const query of ['(prefers-color-scheme: dark)', '(prefers-contrast: more)', '(forced-colors: active)']) {
    matchMedia(query).addEventListener('change', changed);
  }
  new MutationObserver(changed).observe(document.documentElement, { attributes: true, attributeFilter: ['data-theme'] });
}
