import { ramp } from '../statistics.ts';
import { figure, shown, times } from '../words.ts';
import type { Case, Cause } from './cause.ts';
import { base, configOn, dataByProbe, measuredAtStart, offset } from './terms.ts';

/** Sizes that a sum instead of a mean would multiply by. */
function candidates({ view }: Case): { what: string; size: number }[] {
  const found: { what: string; size: number }[] = [];
  if (view.batch !== null) found.push({ what: 'batch size', size: view.batch });
  for (const [name, what] of [
    ['block_size', 'sequence length'],
    ['max_length', 'sequence length'],
    ['seq_len', 'sequence length'],
    ['max_seq_length', 'sequence length'],
  ] as const) {
    const size = view.settings.number(name);
    if (size !== null && size > 1) found.push({ what, size });
  }
  return found;
}

function match(of: Case): { what: string; size: number; off: number } | null {
  const d0 = Math.abs(offset(of));
  let best: { what: string; size: number; off: number } | null = null;
  for (const each of candidates(of)) {
    const off = Math.abs(d0 - Math.log(each.size));
    if (!best || off < best.off) best = { ...each, off };
  }
  return best;
}

/** Sum on one side, mean on the other. */
export const sumReduction: Cause = {
  id: 'S2',
  name: 'sum instead of mean',
  family: 'scale',
  verdict: 'bug',
  direction: 'both',
  telltale: true,
  keys: [{ names: ['reduction', 'loss_reduction'], strength: (value) => (value === 'sum' ? 1 : 0) }],
  terms: [
    base(-3),
    {
      id: 'batch-factor',
      weight: 3,
      value: (of) => {
        const found = match(of);
        return found ? of.init.off * (1 - ramp(found.off, 0.1, 0.3)) : 0;
      },
    },
    { id: 'huge-offset', weight: 3, value: (of) => of.init.off * ramp(Math.abs(offset(of)), 2.2, 2.9) },
    configOn(2),
    dataByProbe(-3),
  ],
  veto: (of) =>
    Math.abs(offset(of)) < (measuredAtStart(of) ? 1.2 : 1.6) && of.init.d0 !== null
      ? `the first ratio is ${figure(Math.exp(offset(of)))}; a sum would multiply by the batch size`
      : null,
  unique: (of) => {
    const found = match(of);
    return found !== null && found.off < 0.1 && of.init.off > 0.8;
  },
  evidence: (of) => {
    const said: string[] = [];
    const found = match(of);
    if (found && found.off < 0.3)
      said.push(
        `The first ratio, ${figure(Math.exp(Math.abs(offset(of))))}, equals the ${found.what} ${found.size} ` +
          `within ${figure(100 * (Math.exp(found.off) - 1))} %.`,
      );
    else if (Math.abs(offset(of)) > 2.2)
      said.push(`Train loss starts at ${times(Math.exp(offset(of)))} validation: the size of a batch or a sequence.`);
    if (of.config.state === 'on' && of.config.setting) said.push(`${of.config.setting.key}=${shown(of.config.setting.value)}.`);
    return said;
  },
  against: (of) =>
    Math.abs(offset(of)) < 0.7 && of.init.d0 !== null
      ? [`The first ratio is ${figure(Math.exp(Math.abs(offset(of))))}; a sum would multiply by the batch size.`]
      : [],
  confirm: 'Divide the train loss by the batch size and lay it over the validation loss.',
  remedies: ['same-reduction', 'ignore-train-scale'],
};
