import { expect, test } from 'vitest';
import { withoutUndefined } from '../src/index.ts';

test('leaves out undefined, and nothing else that is falsy', () => {
  const known = withoutUndefined({ a: undefined, b: null, c: 0, d: '', e: false, f: { g: undefined } });
  expect(known).toStrictEqual({ b: null, c: 0, d: '', e: false, f: { g: undefined } });
});
