import { expect, test } from 'vitest';
import { bextContent, ixmlContent } from '../../src/mix/broadcast-wave.ts';

test.each([
  ['Zoë Müller · default:standup', 'Zoe Muller - default:standup'],
  ['Łukasz 一', '?ukasz ?'],
  ['x'.repeat(300), 'x'.repeat(256)],
])('the description is ASCII, as EBU Tech 3285 asks · %j', (title, said) => {
  const content = bextContent({ title, madeBy: 'test 1', startsAt: '2026-11-20T09:30:00.505Z' });
  expect(content.toString('latin1', 0, 256).replace(/\0+$/, '')).toBe(said);
  expect(content.toString('latin1', 320, 338)).toBe('2026-11-2009:30:00');
});

test('a time reference has 64 bits, in both chunks', () => {
  const timeReference = 2 ** 32 + 48_000;
  const facts = { title: '', madeBy: '', startsAt: '', timeReference };
  expect(bextContent(facts).readBigUInt64LE(338)).toBe(BigInt(timeReference));
  const ixml = ixmlContent(facts).toString();
  expect(ixml).toContain('MIDNIGHT_HI>1<');
  expect(ixml).toContain('MIDNIGHT_LO>48000<');
});
