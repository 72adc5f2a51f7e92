/** The cheapest experiment that would settle a diagnosis, with code for the user's trainer. */
import type { Explained } from './diagnose.ts';
import type { Diagnosis } from './diagnosis.ts';
import { probeSnippet } from './probe-snippets.ts';

type Experiment = NonNullable<Diagnosis['experiment']>;

/** The probe while it is missing and would tell; else what confirms the first cause. null without a gap to explain. */
export function experimentFor({ view, evidence, judged, gap }: Explained): Experiment | null {
  const [first] = judged?.causes ?? [];
  if (!judged || !first) return null;
  const probeTells =
    gap.state === 'val-below' &&
    evidence.dataShare === null &&
    !(first.named && judged.verdict.kind !== 'unclear' && first.probability >= 0.9);
  if (probeTells) {
    return {
      title: 'Measure the training set as validation is measured',
      text:
        'Evaluate a fixed part of the training data, as large as the validation set, in evaluation mode, ' +
        'without augmentation and with the validation loss. Logged as clean_train_loss it is recognised, and ' +
        'the gap is split into training handicap and data difference.',
      ...probeSnippet(view.run.formats),
    };
  }
  return { title: `Confirm: ${first.name}`, text: first.confirm, language: 'text', code: '' };
}
