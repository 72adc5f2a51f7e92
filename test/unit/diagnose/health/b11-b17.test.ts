import { describe, expect, it } from 'vitest';
import type { GpuInput } from '../../../../main/service/diagnose/input.ts';
import { curve, finding, made, noise, why, type Made } from './made-run.ts';

const START = 1_700_000_000;
const train = curve(400, (i) => 0.3 + 2 * Math.exp(-i / 80));

describe('B11 stalled', () => {
  const last = START + 400 * 2;
  const silent = (seconds: number, more: Partial<Made['run']> = {}): Made => ({
    train,
    time: (step) => START + 2 * step,
    run: { now: last + seconds, lastByteAt: last, ...more },
  });

  it('grows from silence to slow, stalled and dead', () => {
    expect(finding('B11', made(silent(30)))).toBeNull();
    expect(finding('B11', made(silent(70)))).toMatchObject({ severity: 'info', name: 'slow' });
    const stalled = finding('B11', made(silent(300)));
    expect(stalled).toMatchObject({ severity: 'warning', name: 'stalled', at: { time: last } });
    expect(stalled?.text).toBe('No log line for 5 min; usually one comes every 2 s, and no pause was longer than 2 s more than once.');
    expect(finding('B11', made(silent(2000)))).toMatchObject({ severity: 'critical', name: 'dead' });
  });

  it('knows the pauses of this run', () => {
    const time = (step: number): number => START + 2 * step + (step > 100 ? 600 : 0) + (step > 200 ? 600 : 0);
    const end = time(400);
    expect(finding('B11', made({ train, time, run: { now: end + 700, lastByteAt: end } }))).toBeNull();
  });

  it('says why it cannot tell', () => {
    expect(why('B11', made(silent(9999, { state: 'finished' })))).toBe('the run is not running');
    expect(why('B11', made({ train, run: { now: 5, lastByteAt: 1 } }))).toMatch(/too few times/);
    expect(why('B11', made({ train, time: (step) => step }))).toMatch(/not known when/);
  });
});

describe('B12 slower steps', () => {
  const random = noise(6);
  const jitter = curve(401, () => 0.05 * random());
  const paced = (seconds: (step: number) => number): ((step: number) => number) => {
    const at = [START];
    for (let step = 1; step <= 400; step += 1) at.push((at[step - 1] as number) + seconds(step) * Math.exp(jitter[step] as number));
    return (step) => at[step] as number;
  };

  it('finds where steps became slower', () => {
    const fault = finding('B12', made({ train, time: paced((step) => (step > 250 ? 0.8 : 0.5)) }));
    expect(fault?.severity).toBe('warning');
    expect(fault?.at.step).toBeGreaterThanOrEqual(248);
    expect(fault?.at.step).toBeLessThan(260);
    expect(fault?.text).toMatch(/^Steps take 0\.[78]\d* s instead of 0\.[45]\d* s since step \d+: \d\d % longer\.$/);
  });

  it('is silent at a steady pace, over regular pauses, and when it was only for a while', () => {
    expect(finding('B12', made({ train, time: paced(() => 0.5) }))).toBeNull();
    expect(finding('B12', made({ train, time: paced((step) => (step % 20 === 0 ? 15 : 0.5)) }))).toBeNull();
    expect(finding('B12', made({ train, time: paced((step) => (step > 200 && step < 250 ? 0.9 : 0.5)) }))).toBeNull();
  });

  it('says nothing of a log that was written in microseconds', () => {
    expect(() => finding('B12', made({ train, time: paced((step) => (step > 250 ? 8e-5 : 4e-5)) }))).toThrow('was not checked: steps shorter than a millisecond');
  });
});

type Column = 'util' | 'memoryUsed' | 'temperature' | 'slowdown' | 'powerCap' | 'hostCpu' | 'hostIoWait';

/** A GPU sampled every `every` seconds for `minutes`. */
function gpu(minutes: number, of: (seconds: number) => Partial<Record<Column, number>>, every = 5): GpuInput {
  const seconds = curve((minutes * 60) / every + 1, (i) => i * every);
  const column = (name: Column, usual: number): Float64Array => Float64Array.from(seconds, (s) => of(s)[name] ?? usual);
  return {
    device: 'GPU-1',
    index: 0,
    name: 'NVIDIA A100',
    time: Float64Array.from(seconds, (s) => START + s),
    util: column('util', 95),
    memoryUsed: column('memoryUsed', 2 ** 33),
    memoryTotal: 2 ** 36,
    temperature: column('temperature', 70),
    slowdown: column('slowdown', 0),
    powerCap: column('powerCap', 0),
    hostCpu: column('hostCpu', 30),
    hostIoWait: column('hostIoWait', 0),
  };
}

function on(machine: GpuInput[], more: Made = {}): ReturnType<typeof made> {
  return made({ train, time: (step) => START + step * 5, ...more, run: { machine } });
}

describe('B13 GPU waits', () => {
  it('finds a starved GPU and says what it waits for', () => {
    const fault = finding('B13', on([gpu(20, () => ({ util: 35, hostCpu: 98 }))]));
    expect(fault).toMatchObject({ severity: 'info', name: 'GPU starved' });
    expect(fault?.text).toBe(
      'GPU 0 (NVIDIA A100) is busy at most 35 % of the time (95th percentile of 5 minutes) while the CPU is 98 % busy.',
    );
    const fits = gpu(20, (s) => (s % 50 < 15 ? { util: 2, hostIoWait: 80 } : { util: 99 }));
    expect(finding('B13', on([fits]))?.text).toMatch(/waits for storage or network 80 %/);
  });

  it('is silent on a busy GPU, during the start, and with too few samples', () => {
    expect(finding('B13', on([gpu(20, () => ({}))]))).toBeNull();
    expect(finding('B13', on([gpu(6, () => ({ util: 5 }))]))).toBeNull();
    expect(finding('B13', on([gpu(20, () => ({ util: 5 }), 120)]))).toBeNull();
    expect(why('B13', made({ train }))).toBe('no GPU is known to work for this run');
  });
});

describe('B14 GPU memory grows', () => {
  it('finds a leak, its pace in steps and when the memory will be full', () => {
    const fault = finding('B14', on([gpu(60, (s) => ({ memoryUsed: 2 ** 35 + s * 6e6 }))]));
    expect(fault?.severity).toBe('warning');
    expect(fault?.text).toMatch(
      /^Memory of GPU 0 \(NVIDIA A100\) grows by 28\d{3} MiB per 1000 steps and will be full in [23]\d min at this pace\.$/,
    );
  });

  it('is silent on a cache that levels off, on breathing and on a constant', () => {
    expect(finding('B14', on([gpu(60, (s) => ({ memoryUsed: 2 ** 34 * (1 - Math.exp(-s / 200)) }))]))).toBeNull();
    expect(finding('B14', on([gpu(60, (s) => ({ memoryUsed: 2 ** 34 + (s % 600) * 1e6 }))]))).toBeNull();
    expect(finding('B14', on([gpu(60, () => ({}))]))).toBeNull();
  });
});

describe('B15 throttling', () => {
  it('warns of heat, remarks on the power limit', () => {
    const hot = finding('B15', on([gpu(20, (s) => ({ slowdown: s % 20 < 10 ? 1 : 0, temperature: 91 }))]));
    expect(hot).toMatchObject({ severity: 'warning', remedies: ['cooling', 'power-limit'] });
    expect(hot?.text).toMatch(/lowers its clock (4\d|5\d) % of the time .* at 91 C/);
    expect(finding('B15', on([gpu(20, () => ({ powerCap: 1 }))]))?.severity).toBe('info');
  });

  it('takes the power limit seriously when steps became slower', () => {
    const time = (step: number): number => START + (step < 200 ? step * 4 : 800 + (step - 200) * 6);
    const fault = finding('B15', on([gpu(35, (s) => ({ powerCap: s > 1500 ? 1 : 0 }))], { time, train: curve(420, () => 1) }));
    expect(fault?.severity).toBe('warning');
    expect(fault?.text).toMatch(/steps take \d+ % longer than before/);
  });

  it('is silent on a cool GPU and on rare throttling', () => {
    expect(finding('B15', on([gpu(20, (s) => ({ slowdown: s % 100 < 10 ? 1 : 0 }))]))).toBeNull();
  });
});

describe('B16 gradient norm', () => {
  const random = noise(8);
  const usual = curve(400, () => Math.exp(0.2 * random()));

  it('finds an explosion and a vanished gradient', () => {
    const exploded = [...usual];
    exploded[300] = 80;
    exploded[302] = 500;
    const text = finding('B16', made({ train, gradNorm: exploded }))?.text;
    expect(text).toMatch(/^Gradient norm 500 at step 303 is \d+ times its running mean\.$/);
    const vanished = usual.map((norm, i) => (i > 200 ? 1e-9 : norm));
    expect(finding('B16', made({ train, gradNorm: vanished }))?.text).toMatch(/below 1e-7 for 20 logs \(step 221\)/);
  });

  it('is silent on one high norm and on a drift', () => {
    const once = [...usual];
    once[300] = 80;
    expect(finding('B16', made({ train, gradNorm: once }))).toBeNull();
    expect(finding('B16', made({ train, gradNorm: usual.map((norm, i) => norm * Math.exp(i / 150)) }))).toBeNull();
    expect(why('B16', made({ train }))).toBe('no gradient norm is logged');
  });
});

describe('B17 order of the log', () => {
  const shifted = (step: Float64Array): ReturnType<typeof made> => {
    const view = made({ train, val: curve(40, () => 1) });
    const series = view.run.series.map((one) => (one.split === 'train' ? { ...one, step } : one));
    return { ...view, run: { ...view.run, series } };
  };

  it('names a resume and repeated steps', () => {
    const back = Float64Array.from(train, (_, i) => (i < 300 ? i : i - 100));
    const text = 'In train_loss the step went from 299 to 200: treated as a resume.';
    expect(finding('B17', shifted(back))).toMatchObject({ severity: 'info', at: { step: 200 }, text });
    const twice = Float64Array.from(train, (_, i) => (i > 50 && i < 56 ? 50 : i));
    expect(finding('B17', shifted(twice))?.text).toMatch(/^In train_loss 5 points stand at a step that it already has, first at step 50/);
  });

  it('names evals beyond the trained steps', () => {
    const short = made({ train: train.slice(0, 100), val: curve(40, () => 1) });
    expect(finding('B17', short)?.text).toMatch(/up to step 400 but training only up to step 100/);
    expect(finding('B17', made({ train, val: curve(40, () => 1) }))).toBeNull();
  });
});
