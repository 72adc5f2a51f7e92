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
  /** False where it was only recorded: muted, quiet hours, notifications off. */
  notified: boolean;
  /** True when what it tells of has gone since. */
  over?: boolean;
}
