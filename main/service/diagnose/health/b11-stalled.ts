/**
 * B11: no line has come for much longer than this run ever paused (reference section B; SageMaker Debugger StalledTrainingRule, 1800
 * s): slow after max(5 x the usual interval, 2 x the 99th percentile, 60 s), stalled after four times that, dead after 30 minutes
 * more. Pauses that have occurred twice (evaluations, checkpoints) are known and no fault. The only rule that reads the clock, and
 * only of running runs.
 */
import type { Fault } from '../diagnosis.ts';
import { rhythmOf, type Rhythm } from './intervals.ts';
import type { HealthRule } from './rule.ts';

const STALLED_CONFIDENCE = 0.8;
const DEAD_CONFIDENCE = 0.95;
const USUAL_TIMES = 5;
const RARE_TIMES = 2;
const KNOWN_TIMES = 1.5;
const SHORTEST_S = 60;
const STALLED_TIMES = 4;
const DEAD_S = 1800;

export const stalled: HealthRule = {
  id: 'B11',
  name: 'stalled',
  needs: 'times in the log',
  check(view) {
    const { now, lastByteAt, state } = view.run;
    if (state === 'finished' || state === 'failed' || state === 'unknown') return { notChecked: 'the run is not running' };
    if (now === null || lastByteAt === null) return { notChecked: 'it is not known when the last byte came' };
    const rhythm = rhythmOf(view);
    if (!rhythm) return { notChecked: 'the log has too few times to know its usual pace' };
    const silent = now - lastByteAt;
    const fault = faultFor(silent, rhythm, lastByteAt);
    return { faults: fault ? [fault] : [] };
  },
};

function faultFor(silent: number, rhythm: Rhythm, lastByteAt: number): Fault | null {
  const slow = Math.max(USUAL_TIMES * rhythm.usual, RARE_TIMES * rhythm.rare, KNOWN_TIMES * rhythm.known, SHORTEST_S);
  if (silent < slow) return null;
  const dead = silent >= Math.max(DEAD_S, STALLED_TIMES * slow);
  const stopped = silent >= STALLED_TIMES * slow;
  return {
    id: 'B11',
    name: dead ? 'dead' : stopped ? stalled.name : 'slow',
    severity: dead ? 'critical' : stopped ? 'warning' : 'info',
    at: { time: lastByteAt },
    text:
      `No log line for ${span(silent)}; usually one comes every ${span(rhythm.usual)}, ` +
      `and no pause was longer than ${span(rhythm.known)} more than once.`,
    remedies: ['check-process', 'check-loader', 'check-io'],
    confidence: dead ? DEAD_CONFIDENCE : STALLED_CONFIDENCE,
  };
}

/** A time span as one says it: "45 s", "12 min", "3.5 h". */
export function span(seconds: number): string {
  if (seconds < 1) return `${Number(seconds.toPrecision(2))} s`;
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7200) return `${Math.round(seconds / 60)} min`;
  return `${Number((seconds / 3600).toPrecision(2))} h`;
}
