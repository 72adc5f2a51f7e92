import { describe, expect, it } from 'vitest';
import { attribute, type ProcessFacts, type RunPlace } from '../../../main/service/machine/processes.ts';

function facts(pid: number, changes: Partial<ProcessFacts> = {}): ProcessFacts {
  return { pid, parent: 1, folder: null, command: ['python3', 'train.py'], writes: [], ...changes };
}

function place(run: string, folder: string, growing = true): RunPlace {
  return { run, folder, files: [`${folder}/metrics.csv`], growing };
}

const runs = [place('a', '/runs/a'), place('b', '/runs/b'), place('old', '/runs/old', false)];

describe('the run of a process', () => {
  it('is the one whose file it writes, before anything else', () => {
    const process = facts(10, { writes: ['/runs/b/metrics.csv'], command: ['python', '--out', '/runs/a'], folder: '/runs/a' });
    expect(attribute([process], runs)).toEqual([{ pid: 10, run: 'b', how: 'open file' }]);
  });

  it('is the one whose file its logger writes', () => {
    const logger = facts(11, { parent: 10, writes: ['/runs/a/x.tfevents'] });
    expect(attribute([facts(10), logger], runs)[0]).toEqual({ pid: 10, run: 'a', how: 'open file' });
  });

  it('is the one on its command line, also relative and behind an equals sign', () => {
    const relative = facts(10, { folder: '/project', command: ['python', '--out=../runs/a/'] });
    expect(attribute([relative], runs)).toEqual([{ pid: 10, run: 'a', how: 'command line' }]);
    expect(attribute([facts(10, { command: ['python', '/runs/b/../b/x'] })], runs)[0]?.run).toBe('b');
  });

  it('is the one on its launcher\'s command line', () => {
    const launcher = facts(9, { command: ['torchrun', '--log_dir', '/runs/a'] });
    const found = attribute([facts(10, { parent: 9 }), launcher], runs);
    expect(found).toContainEqual({ pid: 10, run: 'a', how: 'command line' });
  });

  it('is the one whose folder it works in', () => {
    expect(attribute([facts(10, { folder: '/runs/a/sub' })], runs)[0]).toEqual({ pid: 10, run: 'a', how: 'working folder' });
  });

  it('may lie below its working folder only if one alone grows there', () => {
    const process = facts(10, { folder: '/runs' });
    expect(attribute([process], runs)).toEqual([]);
    expect(attribute([process], [runs[0]!, runs[2]!])).toEqual([{ pid: 10, run: 'a', how: 'working folder' }]);
  });

  it('is not guessed', () => {
    const strangers = [facts(10, { folder: '/', command: ['python', 'runs/a'] }), facts(11, { folder: '/home' })];
    expect(attribute(strangers, [place('c', '/runs/c')])).toEqual([]);
    expect(attribute([facts(10, { command: ['python', '/runs/ab/x'] })], runs)).toEqual([]);
    expect(attribute([], runs)).toEqual([]);
  });

  it('is the deeper of two nested folders', () => {
    const nested = [place('outer', '/runs/a'), place('inner', '/runs/a/version_1')];
    expect(attribute([facts(10, { writes: ['/runs/a/version_1/metrics.csv'] })], nested)[0]?.run).toBe('inner');
  });

  it('does not follow a circle of parents for ever', () => {
    expect(attribute([facts(10, { parent: 11 }), facts(11, { parent: 10 })], runs)).toEqual([]);
  });
});
