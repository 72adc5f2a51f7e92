import type { Cause } from './cause.ts';
import { handicapAgainst, handicapEvidence, handicapTerms } from './handicap.ts';
import { rate } from './keys.ts';
import { apartAtStart } from './terms.ts';

/** Dropout, stochastic depth, DropConnect, layerdrop (fairseq #3479, Megatron-LM #32). */
export const dropout: Cause = {
  id: 'H1',
  name: 'dropout',
  family: 'handicap',
  verdict: 'expected',
  keys: [
    {
      pattern: /(^|_)(drop|([a-z]+_)?pdrop|layerdrop|drop_?(path|block|connect)|stochastic_depth)(_?(rate|prob|p|ratio))*$|drop_?out/,
      path: /layers\/\d+\/config\/rate$/,
      strength: rate(0.02, 0.3),
    },
  ],
  terms: handicapTerms(-0.2, 2.5),
  namedBy: 'setting',
  veto: apartAtStart,
  evidence: (of) => handicapEvidence(of, 'dropout is off during validation'),
  against: handicapAgainst,
  confirm: 'Measure the loss on training data in evaluation mode (the clean-train probe), or train one epoch with the rate at 0.',
  remedies: ['nothing-to-fix', 'log-clean-train', 'less-regularisation'],
};
