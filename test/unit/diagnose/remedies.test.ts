/** Experiments, remedies and pages: what is told to be done. */
import { describe, expect, test } from 'vitest';
import { causes } from '../../../main/service/diagnose/causes/index.ts';
import { diagnose } from '../../../main/service/diagnose/diagnose.ts';
import { explanation, ruleNames } from '../../../main/service/diagnose/explanations.ts';
import { healthRules } from '../../../main/service/diagnose/health/index.ts';
import { probeSnippet } from '../../../main/service/diagnose/probe-snippets.ts';
import { GENERAL, remediesFor, remedy, remedyTitle } from '../../../main/service/diagnose/remedies.ts';
import { classifier, handicap } from './classifier.ts';

describe('experiments and remedies', () => {
  test('the probe is offered while it is missing, in the language of the trainer', () => {
    for (const [format, word] of [
      ['hf-trainer', 'TrainerCallback'],
      ['lightning-csv', 'validation_step'],
      ['keras-csv', 'keras.callbacks'],
      ['tensorboard', 'torch.no_grad'],
    ] as const) {
      const { code } = probeSnippet([format]);
      expect(code).toContain(word);
      expect(code).toMatch(/clean_train/);
    }
    const { experiment } = diagnose({ ...classifier({ ...handicap(0.8) }), formats: ['keras-csv'] });
    expect(experiment?.code).toContain('CleanTrainLoss');
  });

  test('with the probe at hand the first cause is put to the test', () => {
    expect(diagnose(classifier({ ...handicap(0.8), probe: true })).experiment?.title).toMatch(/^Confirm: /);
  });

  test('remedies of the diagnosis come first, then the general advice, what a measurement bug makes pointless last', () => {
    const found = remediesFor(diagnose(classifier({ train: (x) => 4 * x, config: { gradient_accumulation_steps: 4 } })));
    const ids = found.map(({ id }) => id);
    expect(ids[0]).toBe('divide-once');
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of GENERAL) expect(ids).toContain(id);
    expect(found.filter(({ apt }) => !apt).map(({ id }) => id)).toEqual(ids.slice(-4));
    expect(found.find(({ id }) => id === 'less-regularisation')?.apt).toBe(false);
    expect(remediesFor(diagnose(classifier({ ...handicap(0.8), config: { dropout: 0.5 } }))).every(({ apt }) => apt)).toBe(true);
  });

  test('an unknown remedy is its own title', () => {
    expect([remedyTitle('nonsense'), remedy('nonsense')]).toEqual(['nonsense', null]);
  });

  test('every cause and rule has a page with what it is, how to confirm it and what to do', () => {
    for (const { id } of [...causes, ...healthRules]) {
      const page = explanation(id);
      expect([id, page?.paragraphs.some(({ heading }) => heading === 'What it is')]).toEqual([id, true]);
      expect([id, page?.paragraphs.some(({ heading }) => heading === 'What to do')]).toEqual([id, true]);
      for (const { text } of page?.paragraphs ?? []) expect(text.length).toBeGreaterThan(15);
    }
    expect(explanation('Z9')).toBeNull();
  });

  test('names within a sentence begin small, but for abbreviations', () => {
    const names = new Map(ruleNames());
    for (const { id } of healthRules) expect(names.get(id), id).toMatch(/^([a-z]|[A-Z]{2}|NaN )/);
    expect([...names.values()].filter((name) => name.startsWith('GPU')).length).toBeGreaterThan(0);
  });

  test('the page of a cause says what speaks against it, how to confirm it step by step and where it is reported', () => {
    for (const { id, confirm } of causes) {
      const { paragraphs, sources } = explanation(id) ?? { paragraphs: [], sources: [] };
      expect([id, ...paragraphs.map(({ heading }) => heading)]).toEqual([
        id,
        'What it is',
        'How it shows',
        'What speaks against it',
        'How to confirm it',
        'What to do',
      ]);
      const [what, , , how] = paragraphs.map(({ text }) => text);
      expect([id, (what ?? '').length > 60, (how ?? '').length >= confirm.length * 0.8]).toEqual([id, true, true]);
      expect([id, sources.length > 0 || id === 'X1']).toEqual([id, true]);
    }
  });
});
