/** The commands of the palette, and which of many names fits what was typed. */
import { words } from '../messages/shell.ts';
import { words as run } from '../messages/run.ts';
import { words as views } from '../messages/views.ts';
import type { App } from './app.svelte.ts';
import { ask } from './ask.ts';

export interface Command {
  id: string;
  title: string;
  kind: 'command' | 'run';
  /** Smaller text behind the title. */
  aside: string;
  act(): void;
}

const t = words.palette;

/** Everything that can be done from here, without the runs. */
function commands(app: App): Command[] {
  const { place, shown, runs, settings, notices } = app;
  const list: Command[] = [];
  const add = (id: string, title: string, act: () => void, aside = '') => list.push({ id, title, kind: 'command', aside, act });
  const views_ = [
    ['run', t.runView, 'g r'],
    ['compare', views.compare.title, 'g c'],
    ['machine', views.machine.title, 'g m'],
    ['alerts', views.alerts.title, 'g a'],
    ['problems', views.problems.title, 'g p'],
    ['settings', views.settings.title, 'g s'],
  ] as const;
  for (const [view, title, keys] of views_) add(`view ${view}`, t.view(title), () => place.go(view), keys);
  add('add', words.addFolder, () => void app.chooseFolder());
  add('example', t.example, () => (place.overlay = 'examples'));
  const { key } = shown;
  const row = runs.row(key);
  if (key !== null && row) {
    for (const axis of shown.available) add(`axis ${axis}`, t.axis(run.axes[axis]), () => shown.setAxis(axis));
    add('log', t.log, () => shown.style.setLog(!shown.style.log), 'l');
    add('shift', t.shift, () => (shown.style.shift = !shown.style.shift));
    add('follow', t.follow, () => shown.setFollow(!shown.follow), 'f');
    add('zoom', t.resetZoom, () => shown.setZoom(null), '0');
    add('pin', t.pin, () => void notices.attempt(() => runs.setPinned(key, !row.pinned)));
    add('hide', t.hide, () => void notices.attempt(() => runs.setHidden(key, !row.hidden)));
    add('mute', t.mute, () => void notices.attempt(() => runs.setMuted(key, !row.muted)));
    add('compare', t.compare, () => void runs.pick(key));
  }
  for (const theme of ['system', 'light', 'dark'] as const) add(`theme ${theme}`, t.theme[theme], () => void notices.attempt(() => settings.save({ theme })));
  add('data', t.log_folder, () => void notices.attempt(() => ask(app.bridge, 'openLink', 'log-folder')));
  add('shortcuts', t.shortcuts, () => (place.overlay = 'shortcuts'), '?');
  return list;
}

/** So many runs come before everything else as long as nothing is typed. */
const RUNS_FIRST = 5;

/** Everything that can be opened or done: the runs at the top of the list but for the one that is open, what can be done, the other runs. */
export function everything(app: App): Command[] {
  const runs = runCommands(app);
  const first = app.runs.order.filter((key) => key !== app.shown.key).slice(0, RUNS_FIRST).map((key) => `run ${key}`);
  const isFirst = ({ id }: Command) => first.includes(id);
  return [...runs.filter(isFirst), ...commands(app), ...runs.filter((run) => !isFirst(run))];
}

/** The runs as things to open, in the order of the list; those that it leaves out come last. */
function runCommands(app: App): Command[] {
  const places = new Map(app.runs.order.map((key, place) => [key, place]));
  const placeOf = (key: string) => places.get(key) ?? places.size;
  return app.runs.all().sort((a, b) => placeOf(a.key) - placeOf(b.key)).map((row) => ({
    id: `run ${row.key}`,
    title: row.name,
    kind: 'run',
    aside: row.chip.word,
    act: () => app.openRun(row.key),
  }));
}

/**
 * How well `text` fits what was typed: null if the letters do not occur in this order, else a score where more is better. Whole words
 * and beginnings of words count most.
 */
export function score(text: string, typed: string): number | null {
  const hay = text.toLowerCase();
  const needle = typed.toLowerCase().replace(/\s+/g, '');
  if (needle === '') return 0;
  const whole = hay.indexOf(typed.trim().toLowerCase());
  if (whole >= 0) return 1000 - whole - hay.length / 100 + (whole === 0 || /[\s/_.-]/.test(hay[whole - 1] ?? '') ? 200 : 0);
  let at = -1;
  let sum = 0;
  for (const letter of needle) {
    const next = hay.indexOf(letter, at + 1);
    if (next < 0) return null;
    sum += next === at + 1 ? 8 : next === 0 || /[\s/_.-]/.test(hay[next - 1] ?? '') ? 6 : 1;
    at = next;
  }
  return sum - hay.length / 100;
}

/** The best `most` fits, best first; in the given order where nothing was typed. */
export function best(list: readonly Command[], typed: string, most: number): Command[] {
  if (typed.trim() === '') return list.slice(0, most);
  const scored = list.flatMap((command) => {
    const points = score(command.title, typed);
    return points === null ? [] : [{ command, points }];
  });
  return scored
    .sort((a, b) => b.points - a.points)
    .slice(0, most)
    .map(({ command }) => command);
}
