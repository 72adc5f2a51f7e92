/** Everything the window knows, one object per subject, and the messages that keep it fresh. */
import { createContext } from 'svelte';
import type { Bridge, Events } from '../../preload/contract.ts';
import { Alerts } from './alerts.svelte.ts';
import { ask } from './ask.ts';
import { Clock } from './clock.svelte.ts';
import { Compared } from './compared.svelte.ts';
import { Edits } from './edits.ts';
import { frameQueue } from './frame-queue.ts';
import { nextFrame } from './frames.ts';
import { Notices } from './notices.svelte.ts';
import { Opened } from './opened.svelte.ts';
import { Place } from './place.svelte.ts';
import { recall, remember } from './remembered.ts';
import { Runs } from './runs.svelte.ts';
import { Settings } from './settings.svelte.ts';
import { Shown } from './shown.svelte.ts';
import { words } from '../messages/shell.ts';

/** More rows than the tallest window shows. */
const FIRST_ROWS = 60;

export const [useApp, provideApp] = createContext<App>();

export class App {
  readonly bridge: Bridge;
  readonly clock = new Clock();
  readonly notices = new Notices();
  readonly place = new Place();
  readonly opened = new Opened();
  readonly runs: Runs;
  readonly shown: Shown;
  readonly edits: Edits;
  readonly compared: Compared;
  readonly alerts: Alerts;
  readonly settings: Settings;
  /** Names of causes and health rules by their ids. */
  ruleNames = $state.raw<ReadonlyMap<string, string>>(new Map());
  /** Read out politely: new alerts, and what a key press did. */
  announcement = $state('');
  /** The run that was opened before the list was there: the user's choice, or what was the first of the list. */
  readonly #guess: { key: unknown; chosen: boolean };

  constructor(bridge: Bridge) {
    this.bridge = bridge;
    this.runs = new Runs(bridge, this.clock);
    this.shown = new Shown(bridge, this.notices);
    this.edits = new Edits(bridge, this.notices, this.shown);
    this.compared = new Compared(bridge, this.notices);
    this.alerts = new Alerts(bridge);
    this.settings = new Settings(bridge);
    // What was open last is asked for before the list, not after it: its curves are what the window is opened for.
    const chosen = recall().get('run');
    this.#guess = { key: chosen ?? recall().get('first'), chosen: chosen !== undefined };
    if (typeof this.#guess.key === 'string') this.shown.open(this.#guess.key);
  }

  /** What fills the window, by name; null before the first run is there. */
  get inView(): string | null {
    return this.shown.run === null ? null : `${this.place.view} ${this.shown.run}`;
  }

  /** Loads what the window begins with and follows main's messages; returns the way to stop. */
  start(): () => void {
    const changed = frameQueue<Events['changed']>((batches) => this.#changed(batches), (run) => void nextFrame().then(run));
    const stops = [
      this.clock.start(),
      this.bridge.on('changed', (batch) => changed.push(batch)),
      this.bridge.on('grew', (growth) => this.#grew(growth)),
      this.bridge.on('alert', (alert) => this.#alert(alert)),
      this.bridge.on('openRun', ({ run, step }) => this.openRun(run, step)),
      this.bridge.on('banners', (banners) => (this.runs.banners = banners)),
      () => changed.stop(),
    ];
    const seen = () => {
      if (!document.hidden) this.shown.seen();
    };
    document.addEventListener('visibilitychange', seen);
    stops.push(() => document.removeEventListener('visibilitychange', seen));
    void this.notices.attempt(() => this.#load());
    return () => stops.forEach((stop) => stop());
  }

  /** Opens a run in the run view; `step` puts the cursor there. */
  openRun(key: string, step: number | null = null): void {
    this.shown.open(key, step);
    this.place.go('run');
    remember('run', key);
  }

  async addFolder(path: string): Promise<void> {
    const root = await this.notices.attempt(() => ask(this.bridge, 'addFolder', path));
    if (root) this.#added(root.path);
  }

  async chooseFolder(): Promise<void> {
    const root = await this.notices.attempt(() => ask(this.bridge, 'chooseFolder'));
    if (root) this.#added(root.path);
  }

  async removeFolder(id: number): Promise<void> {
    await this.notices.attempt(() => ask(this.bridge, 'removeFolder', id));
    await this.notices.attempt(() => this.reload());
    if (this.shown.key === null || this.runs.row(this.shown.key)) return;
    this.shown.close();
    this.#openFirst();
  }

  async playExample(id: string): Promise<void> {
    const key = await this.notices.attempt(() => ask(this.bridge, 'playExample', id));
    if (key === undefined) return;
    await this.notices.attempt(() => this.reload());
    this.openRun(key);
  }

  /** Copies text and says so. */
  async copy(text: string): Promise<void> {
    const copied = await this.notices.attempt(async () => {
      await ask(this.bridge, 'copyText', text);
      return true;
    });
    if (copied) this.notices.say(words.copied);
  }

  /** Reads the list of runs anew. */
  async reload(): Promise<void> {
    this.runs.load(await ask(this.bridge, 'overview'));
    if (this.shown.key === null) this.#openFirst();
  }

  /** Reads the top of the list, which is all that is in sight; in another order than by time it may be made of any rows. */
  async #loadFirst(): Promise<void> {
    if (this.runs.sort !== 'recent') return this.reload();
    this.runs.load(await ask(this.bridge, 'newest', { count: FIRST_ROWS, open: this.shown.key }), true);
    if (this.shown.key === null) this.#openFirst();
  }

  async #load(): Promise<void> {
    const list = this.#loadFirst();
    const settled = list.then(() => this.#settle());
    await Promise.all([settled, this.settings.load(), this.alerts.load(), this.#loadBanners(), this.#loadNames()]);
  }

  /** A chosen run stays open if it is there; one that was opened because it was the first, if it still is. */
  #settle(): void {
    const { key } = this.shown;
    if (key === null || key !== this.#guess.key || (this.#guess.chosen ? this.runs.row(key) : this.runs.order[0] === key)) return;
    this.shown.close();
    this.#openFirst();
  }

  async #loadNames(): Promise<void> {
    this.ruleNames = new Map(await ask(this.bridge, 'ruleNames'));
  }

  async #loadBanners(): Promise<void> {
    this.runs.banners = await ask(this.bridge, 'banners');
  }

  #openFirst(): void {
    const [key] = this.runs.order;
    if (key === undefined) return;
    this.shown.open(key);
    remember('first', key);
  }

  #added(path: string): void {
    this.notices.say(words.watching(path));
    void this.notices.attempt(() => this.reload());
  }

  #changed(batches: Events['changed'][]): void {
    this.runs.apply(batches);
    // What was told of a run that went is told of the runs with its files.
    if (batches.some(({ removed }) => removed.length > 0)) void this.notices.attempt(() => this.alerts.load());
    const { key } = this.shown;
    if (key === null) this.#openFirst();
    else if (this.shown.missing && this.runs.row(key)) this.shown.openAgain();
  }

  #grew(growth: Events['grew']): void {
    const { key } = this.shown;
    if (key !== null && growth.runs.includes(key)) this.shown.grew(this.#isRead(key) ? growth.appendedAtMs : null);
    if (key !== null && growth.diagnosed.includes(key)) this.shown.refresh();
    if (this.place.view === 'compare') this.compared.grew(growth.runs);
  }

  /** False while the run's folder is being read for the first time: what comes then was written long ago. */
  #isRead(key: string): boolean {
    const row = this.runs.row(key);
    return row !== undefined && this.runs.roots.some((root) => root.id === row.rootId && root.state === 'ok');
  }

  #alert(alert: Events['alert']): void {
    this.alerts.arrive(alert);
    this.announcement = words.newAlert(alert.runName, alert.title);
  }
}
