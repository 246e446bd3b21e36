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
import { expect, test } from 'vitest';
import type { FrameLine } from '../../src/inspect/lines/frame-lines.ts';
import { frameLinesOf } from '../../src/run/inspect-lines.ts';
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

/** What inspecting a camera says that sends two layers, and what is true of each. */
async function simulcast(seconds: number, small: Partial<VideoTrackSpec>, large: Partial<VideoTrackSpec>) {
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
    const { tracks, causes } = await inspectRecording(recording);
    const camera = tracks.find(({ segments }) => segments.length > 0);
    const lines: FrameLine[] = [];
    for await (const frames of frameLinesOf(recording, {})) lines.push(...frames);
    return { camera, causes, truth: call.truth.tracks, lines };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const shownOf = (truth: TrackTruth | undefined) => truth?.frames.filter(({ decodable }) => decodable).length;

test('simulcast · packets, losses and pictures of each layer; of the camera those of the largest', async () => {
  const impair = { loss: 0.02 };
  const {
    camera,
    truth: [small, large],
    lines,
  } = await simulcast(6, { impair }, { impair });
  const lost = (small?.counts.lost ?? 0) + (large?.counts.lost ?? 0);
  expect(lost).toBeGreaterThan(3);
  expect(camera?.packets.lost).toBe(lost);
  const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width);
  expect(layers?.map(({ width, height }) => [width, height])).toEqual([...SIZES]);
  expect(layers).toMatchObject(
    [small, large].map((truth) => ({ packets: { lost: truth?.counts.lost }, shown: shownOf(truth) })),
  );
  expect(camera?.picture?.shown).toBe(shownOf(large));
  expect(camera?.picture?.sizes).toMatchObject([{ width: 320, height: 180 }]);
  const linesOf = (width: number) => lines.filter((line) => line.width === width);
  expect([linesOf(160).length, linesOf(320).length]).toEqual([shownOf(small), shownOf(large)]);
  expect(new Set(lines.map(({ ssrc, width }) => `${ssrc} ${width}`))).toEqual(new Set(['1 160', '2 320']));
});

test.each(['ulpfec', 'flexfec-03'] as const)(
  '%s · brings back the lost packets of each layer',
  async (scheme) => {
    const impair = { loss: 0.05, protect: { scheme, packets: 4 } };
    const more = (ssrc: number) => ({ rtp: { ssrc, mtu: 300 }, impair });
    const {
      camera,
      truth: [small, large],
    } = await simulcast(6, more(1), more(2));
    for (const truth of [small, large]) expect(truth?.counts.recoveredByFec).toBeGreaterThan(3);
    const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width);
    expect(layers).toMatchObject([small, large].map((truth) => ({ shown: shownOf(truth) })));
    expect(camera?.repairs.fec.packets).toBe((small?.counts.fec ?? 0) + (large?.counts.fec ?? 0));
  },
);

const OFF = { outages: [{ fromMs: 12_000, toMs: 22_000 }] };
const queues = [{ fromMs: 8000, toMs: 14_000, peakMs: 500 }];

test('the large layer goes behind a queue · congestion, with both sizes', async () => {
  const { causes } = await simulcast(30, { network: { queues } }, { network: { queues }, impair: OFF });
  expect(causes.find(({ cause }) => cause === 'congestion')?.evidence).toMatchObject({
    sizeBefore: '320×180',
    sizeAfter: '160×90',
  });
});

test('near miss · it goes without a queue, and the small one goes on: no picture stood, and no network was full', async () => {
  const { camera, causes } = await simulcast(30, {}, { impair: OFF });
  expect(causes.map(({ cause }) => cause)).not.toContain('congestion');
  expect(camera?.picture?.freezes.longestMs).toBeLessThan(1000);
  const [, large] = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width) ?? [];
  expect(large?.sent).toHaveLength(2);
  expect(Math.abs((large?.sent[0]?.untilMs ?? 0) - 12_000)).toBeLessThan(300);
});

test('near miss · both go: the picture stood', async () => {
  const { camera } = await simulcast(30, { impair: OFF }, { impair: OFF });
  expect(camera?.picture?.freezes.longestMs).toBeGreaterThan(9500);
});
