import { describe, expect, test } from 'vitest';
import { FecRecovery } from '../../../src/order/fec/fec-recovery.ts';
import { lateExtensions } from '../../../src/order/fec/late-extensions.ts';
import type { MediaPacket } from '../../../src/order/media-packet.ts';
import { MediaStream } from '../../../src/order/media-stream.ts';
import { FEC_SCHEMES } from '../../../src/packet/fec/fec-schemes.ts';
import type { RtpPacket } from '../../../src/packet/rtp-packet.ts';
import { run } from '../wire.ts';
import { packetOf, type Recorded, recorded } from './recorded.ts';

const RED = 118;
const VP8 = 96;

const streamOf = ({ description }: Recorded) =>
  new MediaStream({ description, codec: 'vp8', clockRate: 90_000 });

/** Of a packet: VP8 as it is or in RED. */
const isMedia = (packet: RtpPacket): boolean =>
  (packet.payloadType === RED ? packet.payload[0] : packet.payloadType) === VP8 && packet.payloadLength > 0;

/** The packet before RED encapsulated it, with zeros in what the pacer writes. */
function asProtected(packet: RtpPacket, { description }: Recorded): Uint8Array {
  const isRed = packet.payloadType === RED;
  const bytes = Uint8Array.from([
    ...packet.bytes.subarray(0, packet.payloadOffset),
    ...packet.bytes.subarray(packet.payloadOffset + (isRed ? 1 : 0)),
  ]);
  if (isRed) bytes[1] = ((bytes[1] as number) & 0x80) | VP8;
  for (const { id, from } of lateExtensions(description.extensions)) {
    const data = packet.extension(id);
    if (data === undefined) continue;
    const at = data.byteOffset - packet.bytes.byteOffset;
    bytes.fill(0, at + from, at + data.length);
  }
  return bytes;
}

/** Which sequence numbers the FEC of a recording protects. */
function protectedIn({ records, description }: Recorded): Set<number> {
  const numbers = new Set<number>();
  for (const packet of records.map(packetOf)) {
    if (packet === undefined) continue;
    const isRed = packet.payloadType === RED;
    const payload = isRed ? packet.payload.subarray(1) : packet.payload;
    const type = isRed ? (packet.payload[0] as number) : packet.payloadType;
    const parse = FEC_SCHEMES.get(description.formats.get(type)?.name.toLowerCase() ?? '');
    const fec = parse?.(payload, packet);
    for (const { offsets } of fec?.levels ?? [])
      for (const offset of offsets) numbers.add(((fec?.base ?? 0) + offset) & 0xffff);
  }
  return numbers;
}

const payloadsOf = (packets: readonly MediaPacket[]) =>
  packets.map(({ payload }) => Buffer.from(payload).toString('base64'));

describe.each(['ulpfec-vp8', 'flexfec-03-vp8'])('%s of Chromium', (name) => {
  const recording = recorded(name);
  const { records } = recording;
  const whole = run(streamOf(recording), records);
  const numbers = protectedIn(recording);
  const media = records.flatMap((record, index) => {
    const packet = packetOf(record);
    return packet !== undefined && isMedia(packet) ? [{ index, packet }] : [];
  });
  // Chromium fills up with what it has sent before.
  const times = Map.groupBy(media, ({ packet }) => packet.sequence);
  const guarded = media.filter(
    ({ packet: { sequence } }) => numbers.has(sequence) && times.get(sequence)?.length === 1,
  );

  test('nothing is lost, so there is nothing to repair', () => {
    const stream = streamOf(recording);
    expect(run(stream, records)).toHaveLength(times.size);
    expect(stream.statistics).toMatchObject({
      lost: 0,
      recovered: 0,
      recoveredByFec: 0,
      foreign: 0,
      malformed: 0,
    });
    expect(stream.statistics.fec).toBeGreaterThan(25);
  });

  test('each packet that is protected, lost by itself, comes back byte for byte', () => {
    expect(guarded.length).toBeGreaterThan(40);
    for (const { index, packet } of guarded) {
      const rebuilt = rebuiltWithout(index, recording);
      expect(rebuilt.map(({ sequence }) => sequence & 0xffff)).toEqual([packet.sequence]);
      expect(rebuilt[0]?.packet.bytes).toEqual(asProtected(packet, recording));
    }
  });

  test('downstream it cannot be told from one that was received', () => {
    for (const { index, packet } of guarded) {
      const stream = streamOf(recording);
      const packets = run(stream, records.toSpliced(index, 1));
      expect(payloadsOf(packets)).toEqual(payloadsOf(whole));
      const place = whole.findIndex(({ sequence }) => (sequence & 0xffff) === packet.sequence);
      const { receivedMs, ...facts } = whole[place] as MediaPacket;
      expect(packets[place]).toMatchObject(facts);
      expect(packets[place]?.receivedMs).toBeGreaterThanOrEqual(receivedMs);
      expect(stream.statistics).toMatchObject({ lost: 0, recovered: 1, recoveredByFec: 1 });
    }
  });
});

/** Holds and takes all packets of a recording but one, as the receiver does. */
function rebuiltWithout(index: number, { records, description }: Recorded) {
  const recovery = new FecRecovery(lateExtensions(description.extensions), () => true);
  const ssrc = records.map(packetOf).find((packet) => packet !== undefined && isMedia(packet))?.ssrc ?? 0;
  return records.toSpliced(index, 1).flatMap((record) => {
    const packet = packetOf(record);
    if (packet === undefined) return [];
    const isRed = packet.payloadType === RED;
    if (isMedia(packet)) return recovery.hold(packet, packet.sequence, isRed ? 1 : 0);
    const payload = isRed ? packet.payload.subarray(1) : packet.payload;
    const type = isRed ? (packet.payload[0] as number) : packet.payloadType;
    const fec = FEC_SCHEMES.get(description.formats.get(type)?.name ?? '')?.(payload, packet);
    return fec === undefined ? [] : recovery.take(fec, fec.base, ssrc);
  });
}
