import { describe, expect, test } from 'vitest';
import { factIdentity } from '../src/index.ts';
import { CALL, EGRESS, FILE, fact, ready, started, WHOLE } from './builders/facts.ts';

describe('two facts are one', () => {
  test.each([
    [
      'told by another, at another time',
      started(),
      { ...started(EGRESS, 1234), source: { by: 'sqs' as const, id: '7' } },
    ],
    ['a ready event with and one without the egress', ready(WHOLE), ready(FILE)],
    ['one stage of one attempt', ...twice({ kind: 'attempt-stage', attempt: 2, stage: 'storing' })],
    ['one ending of one attempt', ...twice({ kind: 'attempt-ended', attempt: 2, outcome: 'lost' })],
  ])('%s', (_, one, other) => {
    expect(factIdentity(one)).toBe(factIdentity(other));
  });
});

describe('two facts are two', () => {
  test.each([
    ['of two egresses', started(), started({ ...EGRESS, egressId: 'egress-2' })],
    ['of two calls', started(), started({ ...EGRESS, callCid: 'default:other' })],
    ['a newer link', ready(), ready(WHOLE, { url: 'https://recordings.example/rec_1.zip?sig=2' })],
    ['of two attempts', attempt(1), attempt(2)],
    [
      'names that look alike when they are put together',
      ready({ callCid: CALL, sessionId: 'a', filename: 'b,c' }),
      ready({ callCid: CALL, sessionId: 'a,b', filename: 'c' }),
    ],
    ['what came true twice', fact(FILE, 1, { kind: 'expired' }), fact(FILE, 2, { kind: 'expired' })],
  ])('%s', (_, one, other) => {
    expect(factIdentity(one)).not.toBe(factIdentity(other));
  });
});

function attempt(number: number) {
  return fact(WHOLE, 1, { kind: 'attempt-began', attempt: number, worker: 'w' });
}

function twice(body: Parameters<typeof fact>[2]) {
  return [fact(WHOLE, 1, body), fact(WHOLE, 2, body)] as const;
}
