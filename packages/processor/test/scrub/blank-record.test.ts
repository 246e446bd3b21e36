import { expect, test } from 'vitest';
import { blankRecord } from '../../src/scrub/blank-record.ts';

const SECRET = [0x73, 0x65, 0x63, 0x72, 0x65, 0x74, 0x73, 0x21];

/** An RTCP packet of one source (RFC 3550 §6.1). */
const rtcp = (type: number, body: readonly number[]) => [
  0x81,
  type,
  0,
  1 + body.length / 4,
  1,
  2,
  3,
  4,
  ...body,
];

test.each([
  ['a type that no RFC names, as a media packet of payload type 68 reads', 196],
  ['of an application (APP, RFC 3550 §6.7)', 204],
])('RTCP %s · its header and source are left', (_, type) => {
  const bytes = Uint8Array.from(rtcp(type, SECRET));
  blankRecord(bytes, 'opus', undefined);
  expect([...bytes]).toEqual(rtcp(type, [0, 0, 0, 0, 0, 0, 0, 0]));
});

test('RTCP feedback beside a name (RFC 4585 §6.1, RFC 3550 §6.5) · the feedback is left', () => {
  const feedback = rtcp(205, SECRET);
  const name = [0x81, 202, 0, 3, 1, 2, 3, 4, 1, 6, ...SECRET.slice(0, 6)];
  const bytes = Uint8Array.from([...feedback, ...name]);
  blankRecord(bytes, 'opus', undefined);
  expect([...bytes]).toEqual([...feedback, ...name.slice(0, 10), 0x78, 0x78, 0x78, 0x78, 0x78, 0x78]);
});
