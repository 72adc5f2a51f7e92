/** Keys that hold everywhere in the window. */
import { tick } from 'svelte';
import type { App } from './app.svelte.ts';
import { NARROW, type ViewName } from './place.svelte.ts';
import { words } from '../messages/views.ts';
import { LEVELS } from '../charts/smoothing.ts';

/** What the runs list offers to keys. */
export interface ListKeys {
  move(by: number): void;
  open(): void;
  act(key: 'p' | 'h' | 'x'): void;
}

const VIEWS = new Map<string, ViewName>([
  ['r', 'run'],
  ['c', 'compare'],
  ['m', 'machine'],
  ['a', 'alerts'],
  ['p', 'problems'],
  ['s', 'settings'],
]);

let goAt = 0;

/** Does what a key means. Keys typed into a field are left alone, except Ctrl K. */
export function windowKeys(event: KeyboardEvent, app: App, list: ListKeys | undefined): void {
  if (event.defaultPrevented) return;
  const { place } = app;
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'k') {
    event.preventDefault();
    place.overlay = place.overlay === 'palette' ? null : 'palette';
    return;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
  if (place.overlay) return;
  if (plainKey(event, app, list)) event.preventDefault();
}

function plainKey(event: KeyboardEvent, app: App, list: ListKeys | undefined): boolean {
  const { key } = event;
  if (Date.now() - goAt < 1200) {
    goAt = 0;
    const view = VIEWS.get(key);
    if (view) goTo(app, view);
    return view !== undefined;
  }
  if (key === 'g') {
    goAt = Date.now();
    return true;
  }
  if (key === '/') {
    // In a narrow window the list has to come first.
    app.place.listOpen = matchMedia(NARROW).matches;
    void tick().then(() => document.getElementById('filter')?.focus());
    return true;
  }
  if (key === '?') {
    app.place.overlay = 'shortcuts';
    return true;
  }
  if (key === 'Escape' && app.place.listOpen) {
    app.place.listOpen = false;
    return true;
  }
  if (key === 'Escape' && app.place.view !== 'run') {
    app.place.back();
    return true;
  }
  return listKey(event, list) || runKey(event, app);
}

/** The focus stays where it was: what is in sight now is said. */
function goTo(app: App, view: ViewName): void {
  app.place.go(view);
  app.announcement = view === 'run' ? (app.shown.detail?.row.name ?? '') : view === 'explanation' ? '' : words[view].title;
}

function listKey(event: KeyboardEvent, list: ListKeys | undefined): boolean {
  if (!list) return false;
  const { key } = event;
  if (key === 'j') list.move(1);
  else if (key === 'k') list.move(-1);
  else if (key === 'p' || key === 'h' || key === 'x') list.act(key);
  else if (key === 'Enter' && !isControl(event.target)) list.open();
  else return false;
  return true;
}

function runKey({ key }: KeyboardEvent, app: App): boolean {
  const { shown, place } = app;
  if (place.view !== 'run') return false;
  if (key === 'l') shown.style.setLog(!shown.style.log);
  else if (key === 'f') shown.setFollow(!shown.follow);
  else if (key === '[') shown.style.setLevel(Math.max(0, shown.style.level - 1));
  else if (key === ']') shown.style.setLevel(Math.min(LEVELS, shown.style.level + 1));
  else if (key === '0') shown.setZoom(null);
  else return false;
  return true;
}

function isTyping(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName));
}

function isControl(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, summary, [role=application], [role=slider], [role=listbox]') !== null;
}
