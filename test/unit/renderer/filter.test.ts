import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { asksForHidden, parseFilter } from '../../../renderer/state/filter.ts';
import { row } from './rows.ts';

const rows = [
  row({ name: 'gpt2/seed1', state: 'running', epoch: 12, chip: { tone: 'bug', word: 'Bug' }, last: { label: 'val', value: 0.4 } }),
  row({ name: 'gpt2/seed2', state: 'finished', epoch: 3, pinned: true, rootId: 2 }),
  row({ name: 'ViT-B16', state: 'failed', epoch: null, hidden: true, chip: { tone: 'data', word: 'Data' } }),
];
const found = (text: string) => rows.filter(parseFilter(text, (id) => `/runs/${id === 1 ? 'alice' : 'bob'}`).test).map((one) => one.name);

describe('the filter', () => {
  test('takes plain words, all of which must occur, in any case', () => {
    expect(found('')).toHaveLength(3);
    expect(found('GPT2 seed')).toEqual(['gpt2/seed1', 'gpt2/seed2']);
    expect(found('vit')).toEqual(['ViT-B16']);
    expect(found('-gpt2')).toEqual(['ViT-B16']);
  });

  test('takes a regular expression, also with spaces in it', () => {
    expect(found('/seed[12]$/')).toEqual(['gpt2/seed1', 'gpt2/seed2']);
    expect(found('/^vit/ state:failed')).toEqual(['ViT-B16']);
  });

  test('takes conditions on state, verdict, flags, folder and numbers', () => {
    expect(found('state:run')).toEqual(['gpt2/seed1']);
    expect(found('verdict:bug')).toEqual(['gpt2/seed1']);
    expect(found('is:pinned')).toEqual(['gpt2/seed2']);
    expect(found('root:bob')).toEqual(['gpt2/seed2']);
    expect(found('epoch>=12')).toEqual(['gpt2/seed1']);
    expect(found('loss<0.5')).toEqual(['gpt2/seed1']);
  });

  test('compares numbers that are asked for by name; what is not known is no number', () => {
    const numbers = new Map([['lr', new Map([['1:gpt2/seed1', 3e-4], ['1:ViT-B16', 0.1]])]]);
    const filter = parseFilter('lr<1e-3', String, (name) => numbers.get(name));
    expect(rows.filter(filter.test).map((one) => one.name)).toEqual(['gpt2/seed1']);
    expect(filter.asks).toEqual(['lr']);
    expect(parseFilter('LR<=1e-3 optimizer.beta1>=0.9 epoch>1').asks).toEqual(['lr', 'optimizer.beta1']);
    expect(found('lr<1e-3')).toEqual([]);
  });

  test('takes a verdict by its word: other red words are no bugs', () => {
    const diverged = row({ name: 'diverged', chip: { tone: 'bug', word: 'Divergence' } });
    expect(parseFilter('verdict:bug').test(diverged)).toBe(false);
    expect(parseFilter('verdict:div').test(diverged)).toBe(true);
  });

  test('says what it cannot understand, and then shows nothing rather than everything', () => {
    for (const wrong of ['/seed', '/(/', 'is:odd']) {
      expect(parseFilter(wrong).problem).not.toBeNull();
      expect(found(wrong)).toEqual([]);
    }
  });

  test('says of a condition that is being typed what is missing, and takes its words as words elsewhere', () => {
    for (const text of ['state:', '-verdict:', 'lr<', 'epoch>=', 'gap>-']) expect(parseFilter(text).problem, text).toMatch(/^Something is missing after “.*”\.$/);
    for (const text of ['state', 'lr<1e-3', 'http://', 'a:b', 'vit']) expect(parseFilter(text).problem, text).toBeNull();
  });

  test('never throws, whatever is typed', () => {
    fc.assert(fc.property(fc.string(), (text) => void found(text)));
  });

  test('knows when hidden runs are asked for', () => {
    expect(asksForHidden('gpt is:hidden')).toBe(true);
    expect(asksForHidden('this:hidden')).toBe(false);
  });
});
