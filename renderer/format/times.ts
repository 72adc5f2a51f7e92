/**
 * Times as they are shown, in British English: relative when young, absolute when old. All arguments are milliseconds since 1970 unless said
 * otherwise. Written without Intl: its formatters take a start 5 ms.
 */

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

const WEEKDAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sept', 'Oct', 'Nov', 'Dec'];

/** How long ago in one unit: "2 s", "12 min", "3 h", "5 d". */
export function age(atMs: number, nowMs: number): string {
  return duration(Math.max(0, nowMs - atMs) / 1000);
}

/** A duration in seconds in one unit, rounded down: "2 s", "12 min", "3 h", "5 d". */
export function duration(seconds: number): string {
  if (seconds < 60) return `${Math.floor(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min`;
  if (seconds < 86_400) return `${Math.floor(seconds / 3600)} h`;
  return `${Math.floor(seconds / 86_400)} d`;
}

/** A duration in seconds for an axis or a width: "45 s", "12:30", "3:05:00". */
export function elapsed(seconds: number): string {
  const sign = seconds < 0 ? '−' : '';
  const all = Math.abs(seconds);
  if (all < 60) return `${sign}${Number(all.toPrecision(3))} s`;
  const whole = Math.round(all);
  const h = Math.floor(whole / 3600);
  const m = Math.floor((whole % 3600) / 60);
  const s = whole % 60;
  return h > 0 ? `${sign}${h}:${two(m)}:${two(s)}` : `${sign}${m}:${two(s)}`;
}

/** Local midnight before `nowMs`. */
export function startOfDay(nowMs: number): number {
  const day = new Date(nowMs);
  day.setHours(0, 0, 0, 0);
  return day.getTime();
}

/** A moment in the fewest characters that say it: "09:14" today, "Fri" within the week, "12 Nov", "12 Nov 2025". */
export function moment(atMs: number, nowMs: number): string {
  const today = startOfDay(nowMs);
  const at = new Date(atMs);
  if (atMs >= today) return clock(at);
  if (atMs >= today - 6 * DAY) return WEEKDAYS[at.getDay()] ?? '';
  return at.getFullYear() === new Date(nowMs).getFullYear() ? dayMonth(at) : `${dayMonth(at)} ${at.getFullYear()}`;
}

/** Date and time to the second, for tooltips and tables. */
export function exact(atMs: number): string {
  const at = new Date(atMs);
  return `${dayMonth(at)} ${at.getFullYear()}, ${clockSeconds(at)}`;
}

/** Time of day on an axis whose labels stand `stepMs` apart. */
export function axisTime(atMs: number, stepMs: number): string {
  const at = new Date(atMs);
  if (stepMs >= DAY) return dayMonth(at);
  return stepMs < MINUTE ? clockSeconds(at) : clock(at);
}

function dayMonth(at: Date): string {
  return `${at.getDate()} ${MONTHS[at.getMonth()]}`;
}

function clock(at: Date): string {
  return `${two(at.getHours())}:${two(at.getMinutes())}`;
}

function clockSeconds(at: Date): string {
  return `${clock(at)}:${two(at.getSeconds())}`;
}

function two(part: number): string {
  return String(part).padStart(2, '0');
}
