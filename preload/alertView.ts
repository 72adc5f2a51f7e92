/**
 * Why an alert is recorded and not said. off: notifications are switched off. muted: the run or the rule is. expected: an expected gap.
 * minor: a warning that interrupts nobody. judged: the user said that it is expected here. history: the run's last byte is old. enough:
 * the run was told of often enough. told: it was said before and is no news. quiet: quiet hours.
 */
export type Silence = 'off' | 'muted' | 'expected' | 'minor' | 'judged' | 'history' | 'enough' | 'told' | 'quiet';

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
