import type { Silence } from '../main/service/alerts/silence.ts';

/** An alert as the window shows it. */
export interface AlertView {
  id: string;
  atMs: number;
  run: string;
  runName: string;
  rule: string;
  severity: 'critical' | 'warning' | 'info';
  title: string;
  body: string;
  step: number | null;
  seen: boolean;
  feedback: 'expected-here' | 'useful' | 'none';
  /** False where it was only recorded. */
  notified: boolean;
  /** Why it was only recorded; null where it was said, or waits to be said with others. */
  silence?: Silence | null;
  /** True when what it tells of has gone since. */
  over?: boolean;
}
