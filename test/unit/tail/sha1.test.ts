import fc from 'fast-check';
import { hash } from 'node:crypto';
import { expect, test } from 'vitest';
import { hashOf } from '../../../main/service/tail/identity.ts';
import { sha1 } from '../../../main/service/tail/sha1.ts';

const byNode = (bytes: Uint8Array): string => hash('sha1', bytes, 'hex');

test('any bytes have the hash that Node gives them, also where the padding fills a block of its own', () => {
  for (let length = 0; length < 200; length += 1) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 37 + length) & 0xff);
    expect(sha1(bytes)).toBe(byNode(bytes));
  }
  fc.assert(fc.property(fc.uint8Array({ maxLength: 3000 }), (bytes) => sha1(bytes) === byNode(bytes)));
});

test('the hash of a file does not depend on how many were hashed before', () => {
  fc.assert(fc.property(fc.uint8Array({ minLength: 1, maxLength: 2000 }), (bytes) => hashOf(bytes) === byNode(bytes).slice(0, 20)), { numRuns: 200 });
});
