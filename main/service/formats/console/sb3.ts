import type { Sink } from '../format.ts';
import { consoleFormat, NUM, put, toNumber, type Dialect } from './dialect.ts';

const ROW = new RegExp(`^\\|(\\s+)([^\\s|][^|]*?)\\s*\\|\\s*(${NUM})?\\s*\\|$`);
const RULE = /^-{10,}$/;

interface State {
  section: string;
  rows: [string, number][];
}

/**
 * The table of Stable-Baselines3: `| train/ | |`, then `|    loss | 0.1 |`. A table is read when its closing rule comes; its step is
 * `time/total_timesteps` (formats reference 4.3).
 */
export const sb3Console = consoleFormat({ id: 'sb3-console', title: 'Stable-Baselines3 console', open: openSb3 });

export function openSb3(saved?: unknown): Dialect {
  const before = saved as State | null | undefined;
  const state: State = { section: before?.section ?? '', rows: (before?.rows ?? []).map(([name, value]) => [name, Number(value)]) };
  return {
    line({ text, time }, sink) {
      if (RULE.test(text)) return flush(state, time, sink);
      const row = ROW.exec(text);
      if (!row) return false;
      const name = row[2] as string;
      if (row[3] === undefined) state.section = name.endsWith('/') ? name : '';
      else if (state.rows.length < 200) state.rows.push([(row[1] as string).length > 1 ? state.section + name : name, toNumber(row[3])]);
      return true;
    },
    // JSON has no NaN: values are saved as text.
    save: () => ({ section: state.section, rows: state.rows.map(([name, value]) => [name, String(value)]) })
  };
}

/** Reads the table that ends here; false if there was none, for a rule may be anybody's. */
function flush(state: State, time: number, sink: Sink): boolean {
  const { rows } = state;
  const step = rows.find(([name]) => /total_?timesteps$/.test(name))?.[1];
  if (step !== undefined) for (const [name, value] of rows) if (!/total_?timesteps$/.test(name)) put(sink, name, {}, { step, time }, value);
  state.rows = [];
  state.section = '';
  return rows.length > 0;
}
