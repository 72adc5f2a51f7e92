import { expect, test } from 'vitest';
import { readArguments } from '../../../main/arguments.ts';
import { readCommand, UsageError } from '../../../main/commandLine.ts';

const read = (line: string, environment: NodeJS.ProcessEnv = {}) => readCommand(line.split(' ').filter(Boolean), { HOME: '/home/u', ...environment }, '/home/u');

test('check of a folder uses a temporary store unless one is named', () => {
  expect(read('check runs --json')).toEqual({ kind: 'check', folder: '/home/u/runs', json: true, dataFolder: null });
  expect(read('check --data /d runs')).toEqual({ kind: 'check', folder: '/home/u/runs', json: false, dataFolder: '/d' });
  expect(read('check runs', { GAPWATCH_DATA: 'here' })).toMatchObject({ dataFolder: '/home/u/here' });
});

test('export with and without a folder', () => {
  expect(read('export runs --csv')).toMatchObject({ kind: 'export', folder: '/home/u/runs', as: 'csv', dataFolder: null });
  expect(read('export --data=/d --jsonl')).toMatchObject({ folder: null, as: 'jsonl', storedIn: '/d' });
});

test('ingest falls back to the user-data folder', () => {
  expect(read('ingest runs')).toMatchObject({ kind: 'ingest', json: false, dataFolder: expect.stringMatching(/Gapwatch$/) });
});

test.each(['--help', '-h'])('%s is answered', (line) => expect(read(line)).toEqual({ kind: 'help' }));

test.each(['', 'chek runs', 'check', 'check a b', 'check a --jsonl', 'export a', 'export a --csv --jsonl', 'ingest a --data', 'check a --frobnicate'])('"%s" is wrong use', (line) => {
  expect(() => read(line)).toThrow(UsageError);
});

test('the app takes folders and a data folder, and leaves the switches of Chromium alone', () => {
  expect(readArguments(['--no-sandbox', 'runs', '--data', 'd', '/abs'], {}, '/home/u')).toEqual({ folders: ['/home/u/runs', '/abs'], dataFolder: '/home/u/d' });
  expect(readArguments([], { GAPWATCH_DATA: '/d' }, '/home/u')).toEqual({ folders: [], dataFolder: '/d' });
});
