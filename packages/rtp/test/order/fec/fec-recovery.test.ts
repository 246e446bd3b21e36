import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FecRecovery, type RebuiltPacket } from '../../../src/order/fec/fec-recovery.ts';
import type { FecPacket } from '../../../src/packet/fec/fec-packet.ts';
import { parseFlexfec } from '../../../src/packet/fec/flexfec.ts';
import { parseFlexfec03 } from '../../../src/packet/fec/flexfec-03.ts';
import { parseUlpfec } from '../../../src/packet/fec/ulpfec.ts';
import { flexfec, flexfec03, packetIn, u16, ulpfec } from './encoder.ts';

const SSRC = 0xf9b3a07b;

/** A media packet with contributing sources, an extension and padding, as far as asked for. */
function media(sequence: number, payload: readonly number[], shape = 0): Uint8Array {
  const csrcs = shape % 3;
  const hasExtension = shape % 2 === 1;
  const padding = shape % 5 === 4 ? [0, 0, 3] : [];
  return new Uint8Array([
    ...[0x80 | (padding.length > 0 ? 0x20 : 0) | (hasExtension ? 0x10 : 0) | csrcs],
    ...[(shape % 4 === 3 ? 0x80 : 0) | 96],
    ...u16(sequence),
    ...[0, sequence & 255, shape, 7],
    ...[0xf9, 0xb3, 0xa0, 0x7b],
    ...new Array<number>(4 * csrcs).fill(shape),
    ...(hasExtension ? [0xbe, 0xde, 0, 1, 0x30, shape, 0, 0] : []),
    ...payload,
    ...padding,
  ]);
}

const newRecovery = () => new FecRecovery([], () => true);

const bytesOf = (rebuilt: readonly RebuiltPacket[]) => rebuilt.map(({ packet }) => packet.bytes);

function readUlpfec(octets: readonly number[]): FecPacket {
  const fec = parseUlpfec(new Uint8Array(octets));
  if (fec === undefined) throw new Error('no ULPFEC');
  return fec;
}

const carrier = packetIn(new Uint8Array([0x81, 49, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0xc, 0xf9, 0xb3, 0xa0, 0x7b]));

const SCHEMES = {
  ulpfec: (base: number, packets: readonly Uint8Array[]) => readUlpfec(ulpfec(base, [{ packets }])),
  'flexfec-03': (base: number, packets: readonly Uint8Array[]) =>
    parseFlexfec03(new Uint8Array(flexfec03(SSRC, base, packets))),
  flexfec: (base: number, packets: readonly Uint8Array[]) =>
    parseFlexfec(new Uint8Array(flexfec(base, packets)), carrier),
};

/** What can be brought back at all: one equation after the other with one unknown. */
function solvable(groups: readonly (readonly number[])[], lost: ReadonlySet<number>): Set<number> {
  const unknown = new Set(lost);
  for (let before = -1; before !== unknown.size; ) {
    before = unknown.size;
    for (const group of groups) {
      const open = group.filter((index) => unknown.has(index));
      if (open.length === 1) unknown.delete(open[0] as number);
    }
  }
  return new Set([...lost].filter((index) => !unknown.has(index)));
}

describe.each(Object.entries(SCHEMES))('%s', (_, encode) => {
  test('whatever is lost and whatever is protected · all that can come back does, byte for byte', () => {
    const indices = fc.uniqueArray(fc.nat(40), { minLength: 1, maxLength: 12 });
    fc.assert(
      fc.property(
        fc.nat(0xffff),
        fc.array(fc.tuple(fc.uint8Array({ maxLength: 40 }), fc.nat(60)), { minLength: 41, maxLength: 41 }),
        fc.array(indices, { minLength: 1, maxLength: 12 }),
        fc.uniqueArray(fc.nat(40), { maxLength: 12 }),
        fc.boolean(),
        (first, contents, groups, losses, isFecFirst) => {
          const packets = contents.map(([payload, shape], index) =>
            media((first + index) & 0xffff, [...payload], shape),
          );
          const lost = new Set(losses);
          const recovery = newRecovery();
          const hold = () =>
            packets.flatMap((bytes, index) =>
              lost.has(index) ? [] : recovery.hold(packetIn(bytes), first + index, 0),
            );
          const take = () =>
            groups.flatMap((group) => {
              const sorted = [...group].sort((a, b) => a - b);
              const base = first + (sorted[0] as number);
              const fec = encode(
                base & 0xffff,
                sorted.map((index) => packets[index] as Uint8Array),
              );
              return fec === undefined ? [] : recovery.take(fec, base, SSRC);
            });
          // The source is known by a packet before.
          recovery.hold(packetIn(media((first - 1) & 0xffff, [1])), first - 1, 0);
          const rebuilt = isFecFirst ? [...take(), ...hold()] : [...hold(), ...take()];
          for (const { packet, sequence } of rebuilt) expect(packet.bytes).toEqual(packets[sequence - first]);
          // FEC that comes first may bring a packet before it comes itself.
          const found = rebuilt.map(({ sequence }) => sequence - first).filter((index) => lost.has(index));
          expect(found.sort((a, b) => a - b)).toEqual([...solvable(groups, lost)].sort((a, b) => a - b));
        },
      ),
    );
  });
});

describe('levels', () => {
  // The example of RFC 5109 §10.2: both protect two packets each, and the second one the ends of all four.
  const packets = [0, 1, 2, 3].map((index) => media(index, new Array(30).fill(0x10 + index), index));
  const [a, b, c, d] = packets as [Uint8Array, Uint8Array, Uint8Array, Uint8Array];
  const one = readUlpfec(ulpfec(0, [{ packets: [a, b], length: 10 }]));
  const two = readUlpfec(ulpfec(0, [{ packets: [c, d], length: 10 }, { packets }]));

  test.each([0, 1, 2, 3])(
    'packet %i lost · comes back by what protects its beginning and its end',
    (lost) => {
      const recovery = newRecovery();
      for (const [index, bytes] of packets.entries())
        if (index !== lost) recovery.hold(packetIn(bytes), index, 0);
      const rebuilt = [...recovery.take(one, 0, SSRC), ...recovery.take(two, 0, SSRC)];
      expect(bytesOf(rebuilt)).toEqual([packets[lost]]);
    },
  );

  test('a shorter level behind a longer beginning · takes nothing back', () => {
    const longer = readUlpfec(ulpfec(0, [{ packets: [a, b], length: 20 }]));
    const shorter = readUlpfec(
      ulpfec(0, [
        { packets: [c, d], length: 10 },
        { packets, length: 5 },
      ]),
    );
    const rest = readUlpfec(ulpfec(0, [{ packets: [c, d], length: 20 }, { packets }]));
    const recovery = newRecovery();
    for (const [index, bytes] of packets.entries()) if (index > 0) recovery.hold(packetIn(bytes), index, 0);
    const rebuilt = [longer, shorter, rest].flatMap((fec) => recovery.take(fec, 0, SSRC));
    expect(bytesOf(rebuilt)).toEqual([a]);
  });

  test('whose beginnings alone are protected · do not come back', () => {
    const recovery = newRecovery();
    recovery.hold(packetIn(a), 0, 0);
    expect(recovery.take(one, 0, SSRC)).toEqual([]);
  });

  test('two lost, one by one · the first one lets the second come back', () => {
    const recovery = newRecovery();
    for (const [index, bytes] of [a, b].entries()) recovery.hold(packetIn(bytes), index, 0);
    expect(recovery.take(two, 0, SSRC)).toEqual([]);
    const rebuilt = recovery.hold(packetIn(d), 3, 0);
    expect(bytesOf(rebuilt)).toEqual([c]);
  });
});

describe('bounds', () => {
  const first = media(0, [1, 2, 3]);
  const lost = media(1, [4, 5, 6]);
  const fec = readUlpfec(ulpfec(0, [{ packets: [first, lost] }]));

  test.each([
    [1023, 1],
    [1024, 0],
  ])('packets are held for 1024 numbers: behind %i more %i come back', (more, count) => {
    const recovery = newRecovery();
    recovery.hold(packetIn(first), 0, 0);
    for (let sequence = 2; sequence < more + 1; sequence++)
      recovery.hold(packetIn(media(sequence, [0])), sequence, 0);
    recovery.hold(packetIn(media(more, [0])), more, 0);
    expect(recovery.take(fec, 0, SSRC)).toHaveLength(count);
  });

  test.each([
    [63, 1],
    [64, 0],
  ])('64 levels wait: behind %i more, the packet that one waits for lets %i come back', (more, count) => {
    const recovery = newRecovery();
    recovery.take(fec, 0, SSRC);
    const never = [media(500, [1]), media(501, [2])];
    for (let each = 0; each < more; each++)
      recovery.take(readUlpfec(ulpfec(500, [{ packets: never }])), 500, SSRC);
    expect(recovery.hold(packetIn(first), 0, 0)).toHaveLength(count);
  });

  test('a packet larger than any network carries is not held', () => {
    const recovery = newRecovery();
    const large = media(0, new Array(2049).fill(1));
    recovery.hold(packetIn(large), 0, 0);
    expect(recovery.take(readUlpfec(ulpfec(0, [{ packets: [large, lost] }])), 0, SSRC)).toEqual([]);
    expect(recovery.hold(packetIn(first), 0, 0)).toEqual([]);
  });

  test('noise is not taken for a packet, and brings back nothing else', () => {
    const recovery = new FecRecovery([], ({ payloadType }) => payloadType === 96);
    recovery.hold(packetIn(first), 0, 0);
    const wrong = { ...fec, flags: fec.flags ^ 0x15 };
    expect(recovery.take(wrong, 0, SSRC)).toEqual([]);
    const next = media(2, [7]);
    expect(recovery.take(readUlpfec(ulpfec(1, [{ packets: [lost, next] }])), 1, SSRC)).toEqual([]);
    expect(bytesOf(recovery.take(fec, 0, SSRC))).toEqual([lost, next]);
  });

  test('a grid that protects thousands of packets is left alone', () => {
    const recovery = newRecovery();
    const offsets = Array.from({ length: 255 }, (_, row) => row);
    for (let sequence = 1; sequence < 255; sequence++)
      recovery.hold(packetIn(media(sequence, [1])), sequence, 0);
    const grid = { ...fec, levels: [{ offsets, from: 0, bytes: new Uint8Array(4) }] };
    expect(recovery.take(grid, 0, SSRC)).toEqual([]);
  });
});
