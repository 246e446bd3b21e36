import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FileMap, generateCall, packFiles, type TrackTruth } from '@rawreel/fixtures';
import { watchVideo } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { make, temporaryFolder } from '../src/rawreel.ts';

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

/** The one in quarter size keeps sending while the other one is away from 3.5 to 6.5 s. */
const LAYERS = [
  { size: [320, 180], ssrc: 0x101, pauses: [] },
  { size: [640, 360], ssrc: 0x202, pauses: [{ atMs: 3500, wallMs: 3000 }] },
] as const;

/** The records of one dump: bytes, and their receive time since its start. */
function recordsOf(dump: Uint8Array): { bytes: Uint8Array; offsetMs: number }[] {
  const view = new DataView(dump.buffer, dump.byteOffset, dump.byteLength);
  const records: { bytes: Uint8Array; offsetMs: number }[] = [];
  for (let at = headerBytesOf(dump); at < dump.length; ) {
    const length = view.getUint16(at);
    records.push({ bytes: dump.slice(at, at + length), offsetMs: view.getUint32(at + 4) });
    at += length;
  }
  return records;
}

const headerBytesOf = (dump: Uint8Array): number => dump.indexOf(0x0a) + 17;

/** Two tracks of a call become one, as a recorder sees a camera that sends both under their own SSRCs. */
function joined(files: FileMap, [first, second]: readonly TrackTruth[]): Map<string, Uint8Array> {
  const [one, other] = [first?.segments[0], second?.segments[0]];
  if (one === undefined || other === undefined) throw new Error('two tracks are needed');
  const dump = files.get(one.dump) ?? new Uint8Array();
  const laterMs = Math.floor(other.firstArrivalMs) - Math.floor(one.firstArrivalMs);
  const records = [
    ...recordsOf(dump),
    ...recordsOf(files.get(other.dump) ?? new Uint8Array()).map(({ bytes, offsetMs }) => {
      new DataView(bytes.buffer).setUint32(4, Math.max(0, offsetMs + laterMs));
      return { bytes, offsetMs: offsetMs + laterMs };
    }),
  ].toSorted((a, b) => a.offsetMs - b.offsetMs);
  const both = Buffer.concat([dump.subarray(0, headerBytesOf(dump)), ...records.map(({ bytes }) => bytes)]);
  const all = new Map(files);
  all.set(one.dump, both);
  all.delete(other.dump);
  all.delete(other.sdp);
  return all;
}

async function simulcastCall(codec: 'vp8' | 'h264') {
  const call = await generateCall({
    seed: `simulcast ${codec}`,
    callId: 'simulcast',
    users: [
      {
        id: 'ann',
        sessions: [
          {
            tracks: [
              { kind: 'audio', segments: [{ startMs: 0, durationMs: 10_000 }] },
              ...LAYERS.map(({ size: [width, height], ssrc, pauses }) => ({
                kind: 'video' as const,
                codec,
                width,
                height,
                rtp: { ssrc },
                impair: { loss: 0.01, rtx: { repairs: 1 } },
                segments: [{ startMs: 20, durationMs: 9980, pauses }],
              })),
            ],
            editMetadata: (metadata) => ({
              ...metadata,
              segments: { ...metadata.segments, video: metadata.segments.video?.slice(0, 1) },
            }),
          },
        ],
      },
    ],
  });
  const layers = call.truth.tracks.filter(({ kind }) => kind === 'video');
  return { files: joined(call.files, layers), layers };
}

test.each(['vp8', 'h264'] as const)(
  '%s · of two layers the best that decodes at each moment',
  async (codec) => {
    const { files, layers } = await simulcastCall(codec);
    const archive = join(room.path, `${codec}.zip`);
    await writeFile(archive, packFiles(files, 'zip'));

    const folder = join(room.path, codec);
    const ended = await make('process-all', ['--input-file', archive], folder, ['--no-mix', '--verify']);
    expect([ended.exitCode, ended.stderr]).toEqual([0, '']);
    expect(ended.said.problems?.map(({ code }) => code)).toEqual(['SIMULCAST']);
    const video = ended.said.files?.find(({ kind }) => kind === 'video');
    const sizes = [1, 0, 1].map((layer) => {
      const [width, height] = LAYERS[layer as 0 | 1].size;
      return { width, height };
    });
    expect(video).toMatchObject({ sizes, packets: { lost: 0, foreign: 0 } });

    const [low, high] = layers;
    const { frames, errors } = await watchVideo(join(folder, video?.path ?? ''));
    expect(errors).toEqual([]);
    // The lesser one from its first key frame on while the better one was away.
    const wanted = [
      ...(high?.frames ?? []).filter(({ sent, captureMs }) => sent && captureMs < 3500).map(of(high)),
      ...(low?.frames ?? []).filter(({ captureMs }) => captureMs >= 4020 && captureMs < 6500).map(of(low)),
      ...(high?.frames ?? []).filter(({ captureMs }) => captureMs >= 6500).map(of(high)),
    ];
    const seen = frames.map(({ timecode }) => ({ source: timecode?.source, timeMs: timecode?.timeMs }));
    expect(seen).toEqual(wanted);
    const offsets = frames.map(({ ptsMs, timecode }) => ptsMs - (timecode?.timeMs ?? Number.NaN));
    expect(Math.max(...offsets) - Math.min(...offsets)).toBeLessThanOrEqual(2);
  },
);

const of =
  (track: TrackTruth | undefined) =>
  ({ captureMs }: { readonly captureMs: number }) => ({
    source: track?.source,
    timeMs: Math.round(captureMs),
  });
