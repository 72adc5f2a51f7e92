/** Entry of the window. */
import '@fontsource-variable/inter/wght.css';
import '@fontsource-variable/jetbrains-mono/wght.css';
import './fonts.css';
import 'uplot/dist/uPlot.min.css';
import { mount } from 'svelte';
import App from './App.svelte';
import './tokens.css';
import './base.css';
import './charts/chart.css';
import { ask } from './state/ask.ts';

/** What went wrong in the page is told to main's log: nobody reads a console in a packaged app. */
function report(what: unknown): void {
  const text = what instanceof Error ? (what.stack ?? what.message) : String(what);
  void ask(window.gapwatch, 'reportError', text.slice(0, 20_000)).catch(() => undefined);
}

addEventListener('error', (event) => report(event.error ?? event.message));
addEventListener('unhandledrejection', (event) => report(event.reason));

const target = document.getElementById('app');
if (target) mount(App, { target });
