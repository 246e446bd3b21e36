// Writes the corpus anew: real encoders' packets through the fixture generator. Regression inputs stay as they are.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { generateCall, packFiles } from '@rawreel/fixtures';
import { parseRtpPacket, RtpdumpReader } from '@rawreel/rtp';
import { listOf } from './packet-list.ts';

const CORPUS = join(import.meta.dirname, '..', 'corpus');

function put(target: string, name: string, bytes: Uint8Array): void {
  mkdirSync(join(CORPUS, target), { recursive: true });
  writeFileSync(join(CORPUS, target, name), bytes);
}

const MEDIA_PACKETS = 40;

const call = await generateCall({
  seed: 3,
  users: [
    {
      id: 'alice',
      sessions: [
        {
          tracks: [
            { kind: 'audio', dtx: true, segments: [{ startMs: 0, durationMs: 1500 }] },
            { kind: 'audio', frameMs: 60, channels: 2, segments: [{ startMs: 0, durationMs: 1500 }] },
            ...(['vp8', 'vp9', 'h264', 'av1'] as const).map((codec) => ({
              kind: 'video' as const,
              codec,
              width: 96,
              height: 64,
              bitrate: 60_000,
              keyFrameEveryMs: 400,
              rtp: { mtu: 300 },
              segments: [{ startMs: 0, durationMs: 1200 }],
            })),
          ],
        },
      ],
    },
  ],
});

let count = 0;
for (const track of call.truth.tracks) {
  const [segment] = track.segments;
  if (segment === undefined) continue;
  const dump = call.files.get(segment.dump) as Uint8Array;
  const sdp = call.files.get(segment.sdp) as Uint8Array;
  const name = `${track.codec}-${++count}`;
  put('rtpdump', name, dump.subarray(0, 12_000));
  put('sdp', name, sdp);
  const reader = new RtpdumpReader();
  reader.push(dump);
  const packets = [];
  for (let record = reader.next(); record !== undefined; record = reader.next()) {
    if (record.kind === 'rtcp') put('rtcp', name, record.bytes);
    else {
      const packet = parseRtpPacket(record.bytes);
      if (packets.length === 0) put('rtp', name, record.bytes);
      if (typeof packet === 'string' || packets.length === MEDIA_PACKETS) continue;
      packets.push({ payload: packet.payload, marker: packet.marker, rtpTicks: packet.timestamp });
    }
  }
  put(track.codec, name, listOf(packets));
}

const short = await generateCall({
  seed: 4,
  users: [
    { id: 'bob', sessions: [{ tracks: [{ kind: 'audio', segments: [{ startMs: 0, durationMs: 400 }] }] }] },
  ],
});
put('zip', 'deflated', await packFiles(short.files, 'zip'));
put('tar', 'plain', await packFiles(short.files, 'tar'));
put('tar', 'gzipped', await packFiles(short.files, 'tar.gz'));
for (const [name, bytes] of [...call.files, ...short.files]) {
  if (name.endsWith('.json')) put('metadata', `${bytes.length}.json`, bytes);
}
