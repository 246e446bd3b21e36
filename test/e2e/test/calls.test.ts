import { join } from 'node:path';
import {
  type AudioTrackSpec,
  type CallSpec,
  type GeneratedCall,
  generateCall,
  type TrackTruth,
  type VideoCodec,
  type VideoTrackSpec,
} from '@rawreel/fixtures';
import { probeFile } from '@rawreel/fixtures/judge';
import { describe, expect, it } from 'vitest';
import { type Expectations, judgeAudio, judgeVideo } from '../src/judge-track.ts';
import { extract, type Kind, type SaidFile, temporaryFolder } from '../src/rawreel.ts';

const CODECS: readonly VideoCodec[] = ['vp8', 'vp9', 'h264', 'av1'];
const SMALL = { width: 160, height: 96 } as const;

type Options = Partial<Record<Kind, Expectations>> & {
  readonly arguments?: Partial<Record<Kind, readonly string[]>>;
};

interface Made {
  readonly file: SaidFile;
  readonly track: TrackTruth;
}

/** Extracts all that a call has, and judges every track by what ffmpeg makes of it. */
async function judge(
  spec: CallSpec,
  options: Options,
  more: (made: Made[], output: string) => unknown = () => 0,
) {
  await using room = await temporaryFolder();
  const call = await generateCall(spec);
  const archive = join(room.path, 'call.zip');
  const output = join(room.path, 'out');
  await call.writeArchive(archive);
  const made: Made[] = [];
  for (const kind of ['audio', 'video'] as const) {
    const tracks = call.truth.tracks.filter((track) => track.kind === kind);
    if (tracks.length === 0) continue;
    const ended = await extract(kind, ['--input-file', archive], output, options.arguments?.[kind]);
    expect(ended.said.problems).toEqual([]);
    expect(ended.exitCode).toBe(0);
    made.push(...pair(ended.said.files ?? [], tracks));
  }
  for (const { file, track } of made) await judgeTrack(output, file, track, call, options);
  await more(made, output);
}

function pair(files: readonly SaidFile[], tracks: readonly TrackTruth[]): Made[] {
  expect(files).toHaveLength(tracks.length);
  return tracks.map((track) => {
    const file = files.find(({ trackId }) => trackId === track.trackId);
    if (file === undefined) throw new Error(`no file for ${track.kind} of ${track.userId}`);
    return { file, track };
  });
}

function judgeTrack(
  output: string,
  file: SaidFile,
  track: TrackTruth,
  call: GeneratedCall,
  options: Options,
) {
  expect(file.codec).toBe(track.codec);
  const judgeKind = track.kind === 'audio' ? judgeAudio : judgeVideo;
  return judgeKind(output, file, track, call.truth, options[track.kind]);
}

const users = (...tracks: (AudioTrackSpec | VideoTrackSpec)[][]): CallSpec['users'] =>
  tracks.map((own, i) => ({ id: `user ${i}`, sessions: [{ tracks: own }] }));

const microphone = (more: Partial<AudioTrackSpec> = {}): AudioTrackSpec => ({
  kind: 'audio',
  segments: [{ startMs: 300, durationMs: 4000 }],
  ...more,
});

const camera = (codec: VideoCodec, more: Partial<VideoTrackSpec> = {}): VideoTrackSpec => ({
  kind: 'video',
  codec,
  ...SMALL,
  segments: [{ startMs: 400, durationMs: 4000 }],
  ...more,
});

describe.concurrent('calls, judged by what ffmpeg decodes', () => {
  it.each(CODECS)('%s with Opus · every picture at its time, every beep at its', async (codec) => {
    await judge({ seed: codec, users: users([microphone(), camera(codec)]) }, {});
  });

  it('dtx · silence that was not sent is written out, to the sample', async () => {
    await judge(
      { users: users([microphone({ dtx: true, segments: [{ startMs: 300, durationMs: 6000 }] })]) },
      {},
    );
  });

  it('dtx · left as it is on request, the time stands in the timestamps', async () => {
    await judge(
      { users: users([microphone({ dtx: true, segments: [{ startMs: 300, durationMs: 6000 }] })]) },
      { arguments: { audio: ['--no-fix-dtx'] }, audio: { samples: 'fewer', gaps: 'nothing' } },
    );
  });

  it.each(CODECS)('%s · 3 percent loss, reordering and duplicates cost only what was lost', async (codec) => {
    const impair = { loss: 0.03, reorder: { probability: 0.05, withinMs: 40 }, duplicate: 0.03 };
    const segments = [{ startMs: 400, durationMs: 5000 }];
    await judge(
      {
        seed: `loss ${codec}`,
        users: users([
          microphone({ impair, segments }),
          camera(codec, { impair, segments, keyFrameEveryMs: 800, texture: 0.3 }),
        ]),
      },
      {},
      (made) => {
        for (const { file, track } of made) expect(file.packets.lost).toBe(track.counts.lost);
      },
    );
  });

  it('rtx · frames that came again are shown', async () => {
    const impair = { loss: 0.05, rtx: { repairs: 1, probeFirst: true } };
    await judge(
      { seed: 'rtx', users: users([camera('vp8', { impair, texture: 0.3 })], [camera('h264', { impair })]) },
      {},
      (made) => {
        for (const { file, track } of made) {
          expect(file.packets.recovered).toBe(track.counts.recoveredByRtx);
          expect(track.counts.recoveredByRtx).toBeGreaterThan(2);
        }
      },
    );
  });

  it('red · packets that only the next one carried are heard', async () => {
    const impair = { red: true, loss: 0.05 };
    await judge({ seed: 'red', users: users([microphone({ impair })]) }, {}, ([made]) => {
      expect(made?.track.counts.recoveredByRed).toBeGreaterThan(2);
      expect(made?.file.packets.recovered).toBe(made?.track.counts.recoveredByRed);
    });
  });

  it('wrap · sequence numbers and timestamps pass their ends unnoticed', async () => {
    const audio = { sequenceStart: 65_450, timestampStart: 2 ** 32 - 90_000 };
    const video = { sequenceStart: 65_500, timestampStart: 2 ** 32 - 180_000 };
    await judge({ users: users([microphone({ rtp: audio }), camera('vp8', { rtp: video })]) }, {});
  });

  const muted = {
    users: users([
      microphone({
        segments: [
          { startMs: 300, durationMs: 2300 },
          { startMs: 4700, durationMs: 2500 },
        ],
      }),
      camera('vp8', {
        segments: [
          { startMs: 400, durationMs: 2000 },
          { startMs: 4300, durationMs: 2000 },
        ],
      }),
    ]),
  };

  it('mute · filled with silence and black', async () => {
    await judge(muted, {});
  });

  it('mute · left open on request', async () => {
    const open = { gaps: 'nothing' } as const;
    await judge(muted, {
      arguments: { audio: ['--no-fill-gaps'], video: ['--no-fill-gaps'] },
      audio: open,
      video: open,
    });
  });

  it('reconnect · a stream that starts anew is placed by when it came', async () => {
    await judge(
      {
        users: users([
          microphone({
            segments: [
              { startMs: 300, durationMs: 2300 },
              { startMs: 4700, durationMs: 2500, restart: true },
            ],
          }),
        ]),
      },
      { audio: { placedWithinMs: 40 } },
    );
  });

  it.each(CODECS)(
    '%s · another size inside a segment and in the next, with black of the last one between',
    async (codec) => {
      await judge(
        {
          seed: `size ${codec}`,
          users: users([
            camera(codec, {
              segments: [
                {
                  startMs: 400,
                  durationMs: 2400,
                  parts: [{ durationMs: 1200 }, { width: 320, height: 192 }],
                },
                { startMs: 3600, durationMs: 1200, width: 240, height: 144 },
              ],
            }),
          ]),
        },
        {},
        ([made]) => expect(made?.file.sizes?.[0]).toEqual(SMALL),
      );
    },
  );

  it('ssrc · changed in the middle of a segment, nothing is lost or moved', async () => {
    const impair = { ssrcChanges: [{ atMs: 2500 }] };
    await judge(
      { users: users([microphone({ impair }), camera('vp8', { impair })]) },
      { audio: { placedWithinMs: 40 } },
    );
  });

  it.each([
    [
      'between two segments',
      [
        { startMs: 300, durationMs: 2300 },
        { startMs: 4700, durationMs: 2500 },
      ],
    ],
    ['inside a segment', [{ startMs: 300, durationMs: 6900 }]],
  ])('stopped clock · RTP time that stood still %s is given back', async (_, segments) => {
    const pause = { atMs: 2600, wallMs: 2100, rtpMs: 0 };
    const stopped = segments.map((segment, i) => (i === 0 ? { ...segment, pauses: [pause] } : segment));
    await judge({ users: users([microphone({ segments: stopped })]) }, { audio: { placedWithinMs: 40 } });
  });

  it.each([2.5, 10, 20, 60] as const)('opus · frames of %f ms, mono and stereo', async (frameMs) => {
    await judge(
      { users: users([microphone({ frameMs })], [microphone({ frameMs, channels: 2, bitrate: 128_000 })]) },
      {},
      async (made, output) => {
        for (const [i, { file }] of made.entries()) {
          const [stream] = (await probeFile(join(output, file.path))).streams;
          expect(stream?.channels).toBe(i + 1);
        }
      },
    );
  });

  it('opus · frame duration and channels that change on the way', async () => {
    const segments = [
      {
        startMs: 300,
        durationMs: 5000,
        parts: [{ durationMs: 1500, frameMs: 60 }, { durationMs: 1500, frameMs: 20 }, { frameMs: 10 }],
      },
    ] as const;
    await judge({ users: users([microphone({ segments })]) }, {});
  });

  it.each([90, 180, 270] as const)('orientation · %i degrees stand in the container', async (rotation) => {
    const short = [{ startMs: 400, durationMs: 1000 }];
    await judge(
      {
        users: users(
          [camera('vp8', { rotation, segments: short })],
          [camera('h264', { rotation, segments: short })],
        ),
      },
      {},
      async (made, output) => {
        for (const { file } of made) {
          expect(file.rotation).toBe(rotation);
          const [stream] = (await probeFile(join(output, file.path))).streams;
          expect(stream?.rotation).toBe(rotation);
        }
      },
    );
  });

  it.each(CODECS)('%s · a first key frame that comes late moves no picture', async (codec) => {
    const segments = [{ startMs: 400, durationMs: 3000, firstKeyFrameAfterMs: 1200 }];
    await judge({ seed: codec, users: users([camera(codec, { segments })]) }, {});
  });
});
