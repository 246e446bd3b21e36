import { expect, test } from 'vitest';
import { bextContent } from '../../src/mix/broadcast-wave.ts';

test.each([
  ['Zoë Müller · default:standup', 'Zoe Muller - default:standup'],
  ['Łukasz 一', '?ukasz ?'],
  ['x'.repeat(300), 'x'.repeat(256)],
])('the description is ASCII, as EBU Tech 3285 asks · %j', (title, said) => {
  const content = bextContent({ title, madeBy: 'test 1', startsAt: '2026-11-20T09:30:00.505Z' });
  expect(content.toString('latin1', 0, 256).replace(/\0+$/, '')).toBe(said);
  expect(content.toString('latin1', 320, 338)).toBe('2026-11-2009:30:00');
});
