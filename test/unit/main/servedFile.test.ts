import { expect, test } from 'vitest';
import { fileFor } from '../../../main/servedFile.ts';

test.each([
  ['app://gapwatch/', '/ui/index.html'],
  ['app://gapwatch/assets/a.js?x#y', '/ui/assets/a.js'],
  ['app://gapwatch/%69ndex.html', '/ui/index.html'],
])('%s is %s', (url, file) => {
  expect(fileFor(url, '/ui')).toBe(file);
});

test.each(['app://elsewhere/index.html', 'file:///etc/passwd', 'app://gapwatch/..%2f..%2fetc/passwd', 'app://gapwatch/%00', 'app://gapwatch/%E0%A4%A', 'nonsense'])('%s is refused', (url) => {
  expect(fileFor(url, '/ui')).toBeNull();
});
