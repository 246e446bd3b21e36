import { expect, test } from 'vitest';
import { areSame, isWritten } from '../../src/event-hooks/plan.ts';

const OLD = { id: '1', hook_type: 'webhook', webhook_url: 'https://a.example/', updated_at: new Date(1) };
const NEW = { hook_type: 'webhook', webhook_url: 'https://b.example/' };

test.each([
  [
    'what was written, with an id and a time',
    [
      { ...OLD, updated_at: new Date(2) },
      { ...NEW, id: '2' },
    ],
    true,
  ],
  ['in another order', [{ ...NEW, id: '2' }, OLD], true],
  [
    'with a field of Stream’s own',
    [
      { ...OLD, product: 'all' },
      { ...NEW, id: '2' },
    ],
    true,
  ],
  ['without the new one', [OLD], false],
  ['without the old one', [{ ...NEW, id: '2' }], false],
  ['with one more', [OLD, { ...NEW, id: '2' }, { ...NEW, id: '3' }], false],
  [
    'the old one under another id',
    [
      { ...OLD, id: '9' },
      { ...NEW, id: '2' },
    ],
    false,
  ],
  [
    'the old one without its address',
    [
      { id: '1', hook_type: 'webhook' },
      { ...NEW, id: '2' },
    ],
    false,
  ],
])('written · %s: %j is %s', (_, found, isSo) => {
  expect(isWritten([OLD, NEW], found)).toBe(isSo);
});

test('changed meanwhile · by any field, and not by the order of fields or the time of the last change', () => {
  const { webhook_url, ...rest } = OLD;
  expect(areSame([OLD], [{ webhook_url, ...rest, updated_at: new Date(9) }])).toBe(true);
  expect(areSame([OLD], [{ ...OLD, enabled: false }])).toBe(false);
  expect(areSame([OLD], [OLD, NEW])).toBe(false);
});
