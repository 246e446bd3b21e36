import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type FileMap, generateCall, packFiles, type TrackTruth } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { inspectRecording } from '../../src/run/inspect-recording.ts';

const SIZES = [
  [160, 90],
  [320, 180],
] as const;

/** Two tracks become one dump, as a recorder sees a camera that sends both under their own SSRCs; both begin alike. */
function joined(files: FileMap, [first, second]: readonly TrackTruth[]): Map<string, Uint8Array> {
  const [one, other] = [first?.segments[0], second?.segments[0]];
  if (one === undefined || other === undefined) throw new Error('two tracks are needed');
  const laterMs = Math.floor(other.firstArrivalMs) - Math.floor(one.firstArrivalMs);
  const dump = Buffer.from(files.get(one.dump) ?? []);
  const records = [...recordsOf(dump, 0), ...recordsOf(Buffer.from(files.get(other.dump) ?? []), laterMs)];
  records.sort((a, b) => a.readUInt32BE(4) - b.readUInt32BE(4));
  const all = new Map(files);
  all.set(one.dump, Buffer.concat([dump.subarray(0, dump.indexOf(0x0a) + 17), ...records]));
  all.delete(other.dump);
  all.delete(other.sdp);
  return all;
}

function recordsOf(dump: Buffer, laterMs: number): Buffer[] {
  const records: Buffer[] = [];
  for (let at = dump.indexOf(0x0a) + 17; at < dump.length; ) {
    const record = Buffer.from(dump.subarray(at, at + dump.readUInt16BE(at)));
    record.writeUInt32BE(Math.max(0, record.readUInt32BE(4) + laterMs), 4);
    records.push(record);
    at += record.length;
  }
  return records;
}

test('simulcast · packets and losses of all layers, pictures of the largest', async () => {
  const call = await generateCall({
    seed: 'simulcast',
    users: [
      {
        id: 'ann',
        sessions: [
          {
            tracks: SIZES.map(([width, height], index) => ({
              kind: 'video' as const,
              codec: 'vp8' as const,
              width,
              height,
              impair: { loss: 0.02 },
              rtp: { ssrc: index + 1 },
              segments: [{ startMs: 0, durationMs: 6000 }],
            })),
          },
        ],
      },
    ],
  });
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-simulcast-'));
  try {
    const archive = join(folder, 'call.zip');
    await writeFile(archive, packFiles(joined(call.files, call.truth.tracks), 'zip'));
    await using recording = await openRecording(archive);
    const { tracks } = await inspectRecording(recording);
    const camera = tracks.find(({ segments }) => segments.length > 0);
    const [small, large] = call.truth.tracks;
    const lost = (small?.counts.lost ?? 0) + (large?.counts.lost ?? 0);
    expect(lost).toBeGreaterThan(3);
    expect(camera?.packets.lost).toBe(lost);
    expect(camera?.picture?.simulcast.map(({ width, height }) => [width, height]).sort()).toEqual([...SIZES]);
    expect(camera?.picture?.shown).toBe(large?.frames.filter(({ decodable }) => decodable).length);
    expect(camera?.picture?.sizes).toMatchObject([{ width: 320, height: 180 }]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
