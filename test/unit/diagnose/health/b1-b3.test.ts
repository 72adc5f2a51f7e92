import { describe, expect, it } from 'vitest';
import { curve, finding, made, noise, why } from './made-run.ts';

/** 600 step losses that fall from 2.3 to 0.3 with noise. */
function healthy(): number[] {
  const random = noise(7);
  return curve(600, (i) => 0.3 + 2 * Math.exp(-i / 100) + 0.03 * random());
}

describe('B1 non-finite', () => {
  it('names the first NaN with its step, the learning rate and the last finite value', () => {
    const train = healthy();
    train[299] = NaN;
    const fault = finding('B1', made({ train, lr: () => 0.001 }));
    expect(fault).toMatchObject({ name: 'loss is NaN', severity: 'critical', at: { step: 300 } });
    expect(fault?.text).toMatch(/^Train loss is NaN at step 300 at learning rate 0\.001; the last finite value was 0\.\d+\.$/);
  });

  it('counts what follows and also sees infinities and validation', () => {
    const val = curve(20, () => 1);
    val.fill(Infinity, 15);
    const text = finding('B1', made({ train: healthy(), val, every: 30 }))?.text;
    expect(text).toMatch(/^Validation loss is infinite at step 480.* In all, 5 values are NaN or infinite\.$/);
  });

  it('does not cry over one overflow of the gradient norm while the loss is finite', () => {
    const gradNorm = curve(600, () => 1);
    gradNorm[50] = Infinity;
    expect(finding('B1', made({ train: healthy(), gradNorm }))).toMatchObject({ name: 'gradient is infinite', severity: 'info' });
    gradNorm.fill(NaN, 100, 110);
    expect(finding('B1', made({ train: healthy(), gradNorm }))?.severity).toBe('critical');
  });

  it('reads an exact 0 of the Hugging Face Trainer as the NaN that it hides, but not a loss that went to 0 by itself', () => {
    const train = curve(100, (i) => (i < 60 ? 1.2 : 0));
    expect(finding('B1', made({ train, run: { formats: ['hf-trainer'] } }))?.text).toMatch(/exactly 0 at step 61/);
    expect(finding('B1', made({ train, run: { formats: ['jsonl'] } }))).toBeNull();
    const rounded = curve(100, (i) => (i < 60 ? 0.0003 : 0));
    expect(finding('B1', made({ train: rounded, run: { formats: ['hf-trainer'] } }))).toBeNull();
  });

  it('is silent on finite runs and says when there is nothing to read', () => {
    expect(finding('B1', made({ train: healthy() }))).toBeNull();
    expect(why('B1', made({}))).toBe('no loss is logged');
  });
});

describe('B2 spike', () => {
  it('finds two high points of five, and a single one only if it is out of this world', () => {
    const two = healthy();
    two[400] = 3;
    two[402] = 2.5;
    expect(finding('B2', made({ train: two }))).toMatchObject({ severity: 'warning', at: { step: 401 } });
    const one = healthy();
    one[400] = 1.2;
    expect(finding('B2', made({ train: one }))).toBeNull();
    one[400] = 300;
    expect(finding('B2', made({ train: one }))?.text).toMatch(/^Train loss jumped to 300 at step 401, \d+ times the median/);
  });

  it('counts later spikes and keeps the first as its place', () => {
    const train = healthy();
    for (const at of [200, 201, 400, 401]) train[at] = 5;
    const fault = finding('B2', made({ train }));
    expect(fault?.at.step).toBe(201);
    expect(fault?.text).toMatch(/1 more since, the last at step 401\.$/);
  });

  it('takes a heavy tail for what it is', () => {
    const random = noise(3);
    const train = curve(600, (i) => 0.02 + (i < 20 ? 0.7 : 0) + (i % 13 === 0 ? 0.12 + 0.02 * random() : 0));
    for (let i = 30; i < 600; i += 60) train[i + 2] = 0.14;
    expect(finding('B2', made({ train }))).toBeNull();
  });

  it('needs points, and a loss that has ratios', () => {
    expect(why('B2', made({ train: [1, 2, 3] }))).toMatch(/fewer than 16/);
    expect(why('B2', made({ train: curve(600, () => -3), val: curve(20, () => -3) }))).toMatch(/below zero/);
  });
});

describe('B3 divergence', () => {
  it('finds a loss that has left its best for good', () => {
    const train = healthy().map((loss, i) => (i > 400 ? 2.5 : loss));
    const fault = finding('B3', made({ train }));
    expect(fault?.severity).toBe('critical');
    expect(fault?.at.step).toBeGreaterThan(440);
    expect(fault?.at.step).toBeLessThan(520);
    expect(fault?.text).toMatch(/^Smoothed train loss rose from 0\.3\d* \(step \d+\) to 2\.5 and has not come back\.$/);
  });

  it('forgives a spike, and forgets a rise that came back', () => {
    const spiked = healthy();
    spiked.fill(50, 400, 410);
    expect(finding('B3', made({ train: spiked }))).toBeNull();
    const back = healthy().map((loss, i) => (i > 200 && i < 350 ? 2.5 : loss));
    expect(finding('B3', made({ train: back.slice(0, 349) }))).not.toBeNull();
    expect(finding('B3', made({ train: back }))).toBeNull();
  });

  it('does not call noise near zero a divergence', () => {
    const random = noise(5);
    const tail = (i: number): number => 1e-4 * (1 + Math.abs(random())) * (i > 400 ? 20 : 1);
    expect(finding('B3', made({ train: curve(600, (i) => 2 * Math.exp(-i / 30) + tail(i)) }))).toBeNull();
  });
});
