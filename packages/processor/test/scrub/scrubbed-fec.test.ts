import { generateCall } from '@rawreel/fixtures';
import {
  blankPayload,
  type MediaPacket,
  MediaStream,
  parseRtpPacket,
  parseSessionDescription,
  RtpdumpReader,
  type RtpdumpRecord,
  type SessionDescription,
} from '@rawreel/rtp';
import { expect, test } from 'vitest';
import { blankDump } from '../../src/scrub/blank-dump.ts';
import { blankRecord } from '../../src/scrub/blank-record.ts';

type Scheme = 'ulpfec' | 'flexfec-03';

/** A camera's dump with forward error correction, and its scrubbed copy, given in pieces. */
async function scrubbed(scheme: Scheme, loss: number) {
  const call = await generateCall({
    seed: 'scrubbed fec',
    users: [
      {
        id: 'ann',
        sessions: [
          {
            tracks: [
              {
                kind: 'video',
                codec: 'vp8',
                width: 320,
                height: 180,
                rtp: { mtu: 400 },
                impair: {
                  loss,
                  reorder: { probability: 0.2, withinMs: 80 },
                  protect: { scheme, packets: 4 },
                },
                segments: [{ startMs: 0, durationMs: 3000 }],
              },
            ],
          },
        ],
      },
    ],
  });
  const [segment] = call.truth.tracks[0]?.segments ?? [];
  const dump = call.files.get(segment?.dump ?? '') ?? new Uint8Array(0);
  const description = parseSessionDescription(
    Buffer.from(call.files.get(segment?.sdp ?? '') ?? []).toString(),
  );
  const pieces: Buffer[] = [];
  for await (const piece of blankDump(inPieces(dump), 'vp8', description)) pieces.push(Buffer.from(piece));
  return { dump, copy: Buffer.concat(pieces), description };
}

async function* inPieces(dump: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < dump.length; at += 5000) yield dump.slice(at, at + 5000);
}

function recordsOf(dump: Uint8Array): RtpdumpRecord[] {
  const reader = new RtpdumpReader();
  reader.push(dump);
  const records: RtpdumpRecord[] = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) records.push(record);
  return records;
}

function followed(dump: Uint8Array, description: SessionDescription) {
  const stream = new MediaStream({ codec: 'vp8', clockRate: 90_000, description });
  const packets: MediaPacket[] = [];
  const pull = () => {
    for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) packets.push(packet);
  };
  for (const record of recordsOf(dump)) {
    stream.push(record);
    pull();
  }
  stream.flush();
  pull();
  return { packets, statistics: { ...stream.statistics } };
}

/** The octets that FEC packets protect the middle of payloads with, where nothing of a packet is kept. */
function protectionOf(dump: Uint8Array, description: SessionDescription): Buffer[] {
  return recordsOf(dump).flatMap(({ kind, bytes }) => {
    const packet = kind === 'rtp' ? parseRtpPacket(bytes) : 'rtcp';
    if (typeof packet === 'string') return [];
    const { role } = description.formats.get(packet.payloadType) ?? {};
    const isFec = role === 'fec' || (role === 'red' && packet.payload[0] === 116);
    return isFec && packet.payloadLength > 260 ? [Buffer.from(packet.payload.subarray(220, 252))] : [];
  });
}

test.each(['ulpfec', 'flexfec-03'] as const)(
  '%s · what it brings back in the copy is the lost packet, blanked',
  async (scheme) => {
    const { dump, copy, description } = await scrubbed(scheme, 0.06);
    const before = followed(dump, description);
    const after = followed(copy, description);
    expect(before.statistics.recoveredByFec).toBeGreaterThan(10);
    expect(after.statistics).toEqual(before.statistics);
    const blanked = before.packets.map(({ payload }) => {
      const own = payload.slice();
      blankPayload('vp8', own);
      return Buffer.from(own).toString('hex');
    });
    expect(after.packets.map(({ payload }) => Buffer.from(payload).toString('hex'))).toEqual(blanked);
  },
);

test('more was lost than can come back · nothing tells what it was', async () => {
  const { dump, copy, description } = await scrubbed('flexfec-03', 0.4);
  const { statistics } = followed(copy, description);
  expect(statistics.lost).toBeGreaterThan(20);
  expect(statistics).toEqual(followed(dump, description).statistics);
  const told = protectionOf(dump, description);
  expect(told.length).toBeGreaterThan(20);
  expect(told.every((octets) => octets.some((octet) => octet !== 0))).toBe(true);
  for (const octets of protectionOf(copy, description))
    expect(octets.every((octet) => octet === 0)).toBe(true);
});

test('a retransmission of RED · keeps the header of RED, and the descriptor behind it', () => {
  const description = parseSessionDescription(
    [
      'm=video 9 RTP/AVP 96 118 119 120',
      'a=rtpmap:96 VP8/90000',
      'a=rtpmap:118 red/90000',
      'a=rtpmap:119 rtx/90000',
      'a=fmtp:119 apt=118',
      'a=rtpmap:120 ulpfec/90000',
    ].join('\n'),
  );
  const header = [0x80, 119, 0, 1, 0, 0, 0, 2, 0, 0, 0, 3];
  const original = [0x12, 0x34];
  // No start of a partition, with a picture id of 15 bits (RFC 7741 §4.2).
  const descriptor = [0x80, 0x80, 0x81, 0x02];
  const media = Uint8Array.from([...header, ...original, 96, ...descriptor, 7, 7, 7]);
  blankRecord(media, 'vp8', description);
  expect([...media.subarray(12)]).toEqual([...original, 96, ...descriptor, 0, 0, 0]);
  const fec = Uint8Array.from([...header, ...original, 120, 7, 7, 7, 7]);
  blankRecord(fec, 'vp8', description);
  expect([...fec.subarray(12)]).toEqual([...original, 120, 0, 0, 0, 0]);
});
