import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import {
  type FileMap,
  generateCall,
  packFiles,
  type TrackTruth,
  type VideoTrackSpec,
} from '@rawreel/fixtures';
import type { FrameLine } from '../../src/inspect/lines/frame-lines.ts';
import { frameLinesOf } from '../../src/run/inspect-lines.ts';
import { inspectRecording } from '../../src/run/inspect-recording.ts';

export const SIZES = [
  [160, 90],
  [320, 180],
] as const;

/** Two tracks become one dump, as a recorder sees a camera that sends both under their own SSRCs; both begin alike. */
function joined(files: FileMap, [first, second]: readonly TrackTruth[]): Map<string, Uint8Array> {
  const all = new Map(files);
  for (const [index, one] of (first?.segments ?? []).entries()) {
    const other = second?.segments[index];
    if (other === undefined) throw new Error('two tracks are needed, with as many segments');
    const laterMs = Math.floor(other.firstArrivalMs) - Math.floor(one.firstArrivalMs);
    const dump = Buffer.from(files.get(one.dump) ?? []);
    const records = [...recordsOf(dump, 0), ...recordsOf(Buffer.from(files.get(other.dump) ?? []), laterMs)];
    records.sort((a, b) => a.readUInt32BE(4) - b.readUInt32BE(4));
    all.set(one.dump, Buffer.concat([dump.subarray(0, dump.indexOf(0x0a) + 17), ...records]));
    all.delete(other.dump);
    all.delete(other.sdp);
  }
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

/** RTP bytes of each track as they lie in its own dumps. */
const bytesOf = (files: FileMap, { segments }: TrackTruth): number =>
  segments
    .flatMap(({ dump }) => recordsOf(Buffer.from(files.get(dump) ?? []), 0))
    .reduce((sum, record) => sum + record.readUInt16BE(2), 0);

/** What inspecting a camera says that sends two layers, and what is true of each. */
export async function simulcast(
  seconds: number,
  small: Partial<VideoTrackSpec>,
  large: Partial<VideoTrackSpec>,
) {
  const call = await generateCall({
    seed: 'simulcast',
    users: [
      {
        id: 'ann',
        sessions: [
          {
            tracks: [small, large].map((more, index) => ({
              kind: 'video' as const,
              codec: 'vp8' as const,
              width: SIZES[index]?.[0] ?? 0,
              height: SIZES[index]?.[1] ?? 0,
              keyFrameEveryMs: 2000,
              rtp: { ssrc: index + 1 },
              segments: [{ startMs: 0, durationMs: seconds * 1000 }],
              ...more,
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
    const inspection = await inspectRecording(recording);
    const { tracks, causes } = inspection;
    const camera = tracks.find(({ segments }) => segments.length > 0);
    const lines: FrameLine[] = [];
    for await (const frames of frameLinesOf(recording, {})) lines.push(...frames);
    const bytes = call.truth.tracks.map((track) => bytesOf(call.files, track));
    return { inspection, camera, causes, truth: call.truth.tracks, lines, bytes };
  } finally {
    await rm(folder, { recursive: true });
  }
}
