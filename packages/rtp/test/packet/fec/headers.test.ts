import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { ParseFec } from '../../../src/packet/fec/fec-packet.ts';
import { parseFlexfec } from '../../../src/packet/fec/flexfec.ts';
import { parseFlexfec03 } from '../../../src/packet/fec/flexfec-03.ts';
import { parseUlpfec } from '../../../src/packet/fec/ulpfec.ts';
import { packetIn } from '../../order/fec/encoder.ts';

/** A carrier with these contributing sources. */
const carrier = (...csrcs: readonly number[]) =>
  packetIn(
    new Uint8Array([
      ...[0x80 | csrcs.length, 49, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xc],
      ...csrcs.flatMap((csrc) => [0, 0, 0, csrc]),
    ]),
  );

const parsed = (parse: ParseFec, octets: readonly number[], csrcs: readonly number[] = [0xa]) =>
  parse(new Uint8Array(octets), carrier(...csrcs));

const range = (from: number, to: number): number[] => Array.from({ length: to - from }, (_, at) => from + at);

describe('ulpfec', () => {
  // RFC 5109 §7.3: E, L, P, X, CC, M and PT recovery, SN base, TS recovery, length recovery.
  const HEADER = [
    ...[0b0011_0010], // E 0, L 0, P 1, X 1, CC 2
    ...[0x80 | 0x60], // M, PT 96
    ...[0xff, 0xfe], // SN base 65534
    ...[0x01, 0x02, 0x03, 0x04],
    ...[0x04, 0xb0], // 1200 octets behind the fixed header
  ];

  test('one level of 16 packets · the leftmost bit is SN base', () => {
    // RFC 5109 §7.4: protection length, mask.
    const octets = [...HEADER, ...[0, 3], ...[0b1010_0000, 0b0000_0001], ...[7, 8, 9]];
    expect(parsed(parseUlpfec, octets)).toEqual({
      ssrc: undefined,
      flags: 0x32e0,
      timestamp: 0x01020304,
      length: 1200,
      base: 65534,
      levels: [{ offsets: [0, 2, 15], from: 0, bytes: new Uint8Array([7, 8, 9]) }],
    });
  });

  test('the long mask flag · masks of 48 packets', () => {
    const mask = [0x80, 0x01, 0x00, 0x00, 0x00, 0x01];
    const octets = [0x72, ...HEADER.slice(1), ...[0, 1], ...mask, 5];
    const fec = parsed(parseUlpfec, octets);
    expect(fec?.levels).toEqual([{ offsets: [0, 15, 47], from: 0, bytes: new Uint8Array([5]) }]);
    expect(fec?.flags).toBe(0x32e0);
  });

  test('further levels · each protects what lies behind the one before', () => {
    const octets = [...HEADER, ...[0, 2], ...[0xc0, 0], ...[1, 2], ...[0, 3], ...[0xf0, 0], ...[3, 4, 5]];
    expect(parsed(parseUlpfec, octets)?.levels).toEqual([
      { offsets: [0, 1], from: 0, bytes: new Uint8Array([1, 2]) },
      { offsets: [0, 1, 2, 3], from: 2, bytes: new Uint8Array([3, 4, 5]) },
    ]);
  });

  test('the extension flag is passed over: no extension of the header ever came', () => {
    const octets = [0xb2, ...HEADER.slice(1), ...[0, 1], ...[0x80, 0], 5];
    expect(parsed(parseUlpfec, octets)?.flags).toBe(0x32e0);
  });

  test.each([
    ['a header that is cut', HEADER.slice(0, 9)],
    ['no level', HEADER],
    ['a level header that is cut', [...HEADER, 0, 1, 0x80]],
    ['a protection length beyond the end', [...HEADER, ...[0, 2], ...[0x80, 0], 1]],
    ['an empty mask', [...HEADER, ...[0, 1], ...[0, 0], 1]],
    ['octets behind the last level', [...HEADER, ...[0, 1], ...[0x80, 0], 1, 0, 0]],
    ['more levels than are worth it', [...HEADER, ...range(0, 5).flatMap(() => [0, 0, 0x80, 0])]],
  ])('refuses %s', (_, octets) => {
    expect(parsed(parseUlpfec, octets)).toBeUndefined();
  });
});

describe('flexfec-03', () => {
  // draft-ietf-payload-flexible-fec-scheme-03 §4.2: R, F, P, X, CC, M, PT, length recovery, TS recovery, SSRC count, reserved, SSRC, SN base.
  const HEADER = [
    ...[0b0001_0001], // R 0, F 0, P 0, X 1, CC 1
    ...[0x80 | 0x60], // M, PT 96
    ...[0x04, 0xb0], // 1200 octets
    ...[0x81, 0x02, 0x03, 0x04],
    ...[1, 0, 0, 0], // one source
    ...[0xf9, 0xb3, 0xa0, 0x7b],
    ...[0x12, 0x34], // SN base
  ];

  test.each([
    ['15 packets', [0x80 | 0x60, 0x01], [0, 1, 14]],
    ['46 packets', [0x40, 0x01, 0x80 | 0x40, 0, 0, 0x01], [0, 14, 15, 45]],
    ['109 packets', [0x40, 0, 0, 0, 0, 1, 0x80 | 0x40, 0, 0, 0, 0, 0, 0, 0x01], [0, 45, 46, 108]],
    [
      '109 packets, whatever the last k',
      [0x40, 0, 0, 0, 0, 1, 0x40, 0, 0, 0, 0, 0, 0, 0x01],
      [0, 45, 46, 108],
    ],
  ])('a mask of %s · a k that is set ends it', (_, mask, offsets) => {
    expect(parsed(parseFlexfec03, [...HEADER, ...mask, 7, 8])).toEqual({
      ssrc: 0xf9b3a07b,
      flags: 0x11e0,
      timestamp: 0x81020304,
      length: 1200,
      base: 0x1234,
      levels: [{ offsets, from: 0, bytes: new Uint8Array([7, 8]) }],
    });
  });

  test.each([
    ['a header that is cut', HEADER],
    ['a mask that is cut', [...HEADER, 0x40, 0, 0x80, 0, 0]],
    ['an empty mask', [...HEADER, 0x80, 0, 1]],
    ['a retransmission', [0x91, ...HEADER.slice(1), 0xc0, 0, 1]],
    ['a mask of rows and columns', [0x51, ...HEADER.slice(1), 0xc0, 0, 1]],
    ['two sources', [...HEADER.slice(0, 8), 2, ...HEADER.slice(9), 0xc0, 0, 1]],
  ])('refuses %s', (_, octets) => {
    expect(parsed(parseFlexfec03, octets)).toBeUndefined();
  });
});

describe('flexfec', () => {
  // RFC 8627 §4.2.2: R, F, P, X, CC, M, PT, length recovery, TS recovery, SN base.
  const HEADER = [0x10, 0x60, 0x04, 0xb0, 0x81, 0x02, 0x03, 0x04, 0x12, 0x34];

  test.each([
    ['15 packets', [0x60, 0x01], [0, 1, 14]],
    ['46 packets', [0x80 | 0x40, 0x01, 0x40, 0, 0, 0x01], [0, 14, 15, 45]],
    ['110 packets', [0x80 | 0x40, 0, 0x80, 0, 0, 1, 0x80, 0, 0, 0, 0, 0, 0, 1], [0, 45, 46, 109]],
  ])('a mask of %s · a k that is set goes on (§4.2.2.1)', (_, mask, offsets) => {
    expect(parsed(parseFlexfec, [...HEADER, ...mask, 7, 8])).toEqual({
      ssrc: 0xa,
      flags: 0x1060,
      timestamp: 0x81020304,
      length: 1200,
      base: 0x1234,
      levels: [{ offsets, from: 0, bytes: new Uint8Array([7, 8]) }],
    });
  });

  test.each([
    ['a row of L packets, D is 0', [3, 0], [0, 1, 2]],
    ['a row of L packets, D is 1', [3, 1], [0, 1, 2]],
    ['a column of D packets, every L-th', [5, 3], [0, 5, 10]],
  ])('%s (§4.2.2.2)', (_, grid, offsets) => {
    const fec = parsed(parseFlexfec, [0x50, ...HEADER.slice(1), ...grid, 7]);
    expect(fec?.levels).toEqual([{ offsets, from: 0, bytes: new Uint8Array([7]) }]);
    expect(fec?.flags).toBe(0x1060);
  });

  test.each([
    ['a header that is cut', HEADER, [0xa]],
    ['a mask that is cut', [...HEADER, 0xc0, 0, 0x80, 0, 0, 0, 0], [0xa]],
    ['an empty mask', [...HEADER, 0, 0, 1], [0xa]],
    ['an empty grid', [0x50, ...HEADER.slice(1), 0, 5, 1], [0xa]],
    ['a retransmission', [0x90, ...HEADER.slice(1), 0x40, 0, 1], [0xa]],
    ['no source in the CSRC list', [...HEADER, 0x40, 0, 1], []],
    ['two sources', [...HEADER, 0x40, 0, 1], [0xa, 0xb]],
  ])('refuses %s', (_, octets, csrcs) => {
    expect(parsed(parseFlexfec, octets, csrcs)).toBeUndefined();
  });
});

describe('witnessed: Chromium 156, pictures of 20 and more packets', () => {
  test.each([
    [
      'ulpfec with the long mask flag',
      parseUlpfec,
      '5060 55eb 841ed497 0431 0431 800000000000 bede',
      { flags: 0x1060, timestamp: 0x841ed497, length: 0x0431, base: 0x55eb, ssrc: undefined },
      [0],
    ],
    [
      'flexfec-03 with a mask of 46',
      parseFlexfec03,
      '1060 044b 4a1487b3 01000000 6e7bed32 7421 4002 80080000 bede',
      { flags: 0x1060, timestamp: 0x4a1487b3, length: 0x044b, base: 0x7421, ssrc: 0x6e7bed32 },
      [0, 13, 26],
    ],
    [
      'flexfec-03 with a mask of 109',
      parseFlexfec03,
      '1060 0467 4a174b65 01000000 6e7bed32 747c 0000 00000000 c000000000000000 bede',
      { flags: 0x1060, timestamp: 0x4a174b65, length: 0x0467, base: 0x747c, ssrc: 0x6e7bed32 },
      [46],
    ],
  ] as const)('%s', (_, parse, head, fields, offsets) => {
    // The octets behind the first two, 1073 in all with ULPFEC, are left out.
    const octets = [...Buffer.from(head.replaceAll(' ', ''), 'hex'), ...new Array<number>(1071).fill(0)];
    const fec = parsed(parse, octets);
    expect(fec).toMatchObject({ ...fields, levels: [{ offsets, from: 0 }] });
    expect([...(fec?.levels[0]?.bytes ?? [])].slice(0, 2)).toEqual([0xbe, 0xde]);
    expect(fec?.levels[0]?.bytes).toHaveLength(1073);
  });
});

test.each([
  ['ulpfec', parseUlpfec],
  ['flexfec-03', parseFlexfec03],
  ['flexfec', parseFlexfec],
])('%s · random payloads never throw, and what is read lies inside', (_, parse) => {
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 80 }), (payload) => {
      const fec = parse(payload, carrier(0xa));
      for (const { offsets, bytes } of fec?.levels ?? []) {
        expect(offsets.length).toBeGreaterThan(0);
        expect(offsets).toEqual([...offsets].sort((a, b) => a - b));
        expect(bytes.byteOffset + bytes.length).toBeLessThanOrEqual(payload.byteOffset + payload.length);
      }
    }),
    { numRuns: 2000 },
  );
});
