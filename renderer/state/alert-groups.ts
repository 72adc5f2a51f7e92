/** Groups of the list of alerts: what is new since the user looked, then by age as the runs are. */
import type { AlertView } from '../../preload/contract.ts';
import { startOfDay } from '../format/times.ts';
import { ageGroup } from './grouping.ts';

export type AlertGroupName = 'new' | 'today' | 'week' | 'older';

export interface AlertGroup {
  name: AlertGroupName;
  alerts: AlertView[];
}

const ORDER: AlertGroupName[] = ['new', 'today', 'week', 'older'];

/** Keeps the order of the alerts within each group; groups without any are left out. */
export function groupAlerts(alerts: readonly AlertView[], isNew: (alert: AlertView) => boolean, nowMs: number): AlertGroup[] {
  const today = startOfDay(nowMs);
  const groupOf = (alert: AlertView): AlertGroupName => (isNew(alert) ? 'new' : ageGroup(alert.atMs, today));
  return ORDER.map((name) => ({ name, alerts: alerts.filter((alert) => groupOf(alert) === name) })).filter((group) => group.alerts.length > 0);
}
