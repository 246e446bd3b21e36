import type {
  AudioTrackSpec,
  CallSpec,
  CallTruth,
  ParticipantClock,
  SessionSpec,
  TrackSpec,
  TrackTruth,
  UserSpec,
  VideoCodec,
  VideoTrackSpec,
} from '@rawreel/fixtures';

/** Calls whose clocks lie in every way a sender's can, each beside somebody whose clocks do not. */
export interface TimedCall {
  readonly name: string;
  readonly spec: CallSpec;
  /** Who sends no reports, so that receive times must do. */
  readonly withoutReports?: readonly string[];
  /** What it is written as: each container for codecs that it can hold. */
  readonly containers: readonly ('mkv' | 'mp4' | 'webm')[];
}

/** Sound may be this much beside the picture where sender reports relate them. */
export const LIP_SYNC_MS = 5;
/** Where there are none, receive times are all there is; so everywhere between participants. */
export const BY_RECEIVE_TIME_MS = 40;

/** Everybody leaves together. */
const END_MS = 12_700;

interface Person {
  readonly clock?: ParticipantClock;
  readonly both?: Pick<TrackSpec, 'reports' | 'network'>;
  readonly audio?: Partial<AudioTrackSpec>;
  readonly video?: Partial<VideoTrackSpec>;
}

const microphone = (startMs: number, more: Partial<AudioTrackSpec>): AudioTrackSpec => ({
  kind: 'audio',
  segments: [{ startMs, durationMs: END_MS - startMs }],
  ...more,
});

const camera = (startMs: number, codec: VideoCodec, more: Partial<VideoTrackSpec>): VideoTrackSpec => ({
  kind: 'video',
  codec,
  width: 160,
  height: 96,
  fps: 12.5,
  // Enough for time codes that can be read in every picture, AV1's too.
  bitrate: 400_000,
  // A camera needs a moment longer than a microphone.
  segments: [{ startMs: startMs + 130, durationMs: END_MS - startMs - 130 }],
  ...more,
});

function session(
  codec: VideoCodec,
  startMs: number,
  { clock, both, audio, video }: Person = {},
): SessionSpec {
  return {
    ...(clock === undefined ? {} : { clock }),
    tracks: [microphone(startMs, { ...both, ...audio }), camera(startMs, codec, { ...both, ...video })],
  };
}

const person = (id: string, codec: VideoCodec, startMs: number, more?: Person): UserSpec => ({
  id,
  sessions: [session(codec, startMs, more)],
});

const TICKS = 2 ** 32;
const SEQUENCES = 2 ** 16;
/** Timestamps and sequence numbers that end after so many ms of 20 ms packets, or of pictures at 12.5 fps. */
const audioWrap = (ms: number) => ({
  timestampStart: TICKS - ms * 48,
  sequenceStart: SEQUENCES - Math.ceil(ms / 20),
});
const videoWrap = (ms: number) => ({
  timestampStart: TICKS - ms * 90,
  sequenceStart: SEQUENCES - Math.ceil(ms / 80),
});

const wallClocks: TimedCall = {
  name: 'wall clocks',
  containers: ['mkv', 'webm'],
  spec: {
    seed: 'wall clocks',
    callId: 'wall-clocks',
    users: [
      person('true', 'vp9', 300),
      person('two minutes ahead', 'vp9', 1300, { clock: { offsetMs: 120_370 } }),
      person('counted from boot', 'vp9', 2450, { clock: { epoch: 'boot' } }),
      person('set by 3.7 s in the middle', 'vp9', 500, { clock: { step: { atMs: 7100, byMs: 3700 } } }),
      person('set back by 2.3 s in the middle', 'vp9', 700, {
        clock: { offsetMs: -45_000, step: { atMs: 5600, byMs: -2300 } },
      }),
    ],
  },
};

const reports: TimedCall = {
  name: 'reports',
  withoutReports: ['none'],
  containers: ['mkv', 'mp4'],
  spec: {
    seed: 'reports',
    callId: 'reports',
    users: [
      person('every second', 'h264', 300),
      person('none', 'h264', 1250, { clock: { offsetMs: 5000 }, both: { reports: 'none' } }),
      person('only after 7 s', 'h264', 400, { both: { reports: { firstAfterMs: 7000 } } }),
      person('before the first packet', 'h264', 2300, { both: { reports: { beforeFirstPacket: true } } }),
      person('wrap between packet and report', 'h264', 600, {
        audio: { rtp: audioWrap(200) },
        video: { rtp: videoWrap(250) },
      }),
      person('wrap in the middle', 'h264', 800, {
        audio: { rtp: audioWrap(5300) },
        video: { rtp: videoWrap(4100) },
      }),
    ],
  },
};

const tracks: TimedCall = {
  name: 'tracks',
  containers: ['webm'],
  spec: {
    seed: 'tracks',
    callId: 'tracks',
    users: [
      person('even', 'vp8', 300),
      person('stopped microphone', 'vp8', 350, {
        audio: {
          segments: [
            {
              startMs: 350,
              durationMs: END_MS - 350,
              pauses: [{ atMs: 4350, wallMs: 3100, rtpMs: 0 }],
            },
          ],
        },
      }),
      {
        id: 'came back',
        sessions: [
          {
            clock: { offsetMs: 9000 },
            tracks: [
              microphone(300, { segments: [{ startMs: 300, durationMs: 5400 }] }),
              camera(300, 'vp8', { segments: [{ startMs: 420, durationMs: 5200 }] }),
            ],
          },
          session('vp8', 7350, { clock: { offsetMs: -4000 } }),
        ],
      },
      {
        id: 'shows a screen',
        sessions: [
          {
            clock: { offsetMs: 777 },
            tracks: [
              ...session('vp8', 400).tracks,
              microphone(3300, { screenshare: true, channels: 2, hz: 6100 }),
              camera(3300, 'vp8', { screenshare: true, fps: 5 }),
            ],
          },
        ],
      },
    ],
  },
};

/** Sound and picture that took ways of their own, so that receive times do not relate them. */
const slowPictures: TimedCall = {
  name: 'slow pictures',
  containers: ['mkv'],
  spec: {
    seed: 'slow pictures',
    callId: 'slow-pictures',
    users: [
      person('even', 'vp8', 300),
      person('slow pictures', 'vp8', 450, {
        clock: { offsetMs: -3000 },
        audio: { network: { delayMs: 30, jitterMs: 4 } },
        video: { network: { delayMs: 90, jitterMs: 15 } },
      }),
    ],
  },
};

const pairs: TimedCall = {
  name: 'two of each',
  containers: ['mp4', 'webm'],
  spec: {
    seed: 'two of each',
    callId: 'two-of-each',
    users: [
      person('one', 'av1', 300),
      {
        id: 'two',
        sessions: [
          {
            clock: { offsetMs: 60_000 },
            tracks: [...session('av1', 400).tracks, ...session('av1', 1350).tracks],
          },
        ],
      },
    ],
  },
};

const DRIFT_PPM = 200;
const tenMinutes = { startMs: 300, durationMs: 600_300 };

const drift: TimedCall = {
  name: 'ten minutes of drift',
  containers: ['mkv', 'mp4'],
  spec: {
    seed: 'drift',
    callId: 'drift',
    users: [1, -1].map((sign) => ({
      id: sign > 0 ? 'fast sound, slow pictures' : 'slow sound, fast pictures',
      sessions: [
        {
          clock: { offsetMs: sign * 40_000 },
          tracks: [
            { kind: 'audio', driftPpm: sign * DRIFT_PPM, dtx: sign < 0, segments: [tenMinutes] },
            {
              kind: 'video',
              codec: 'vp9',
              width: 160,
              height: 96,
              fps: 2,
              keyFrameEveryMs: 20_000,
              driftPpm: -sign * DRIFT_PPM,
              segments: [tenMinutes],
            },
          ],
        },
      ],
    })),
  },
};

const driftingClock = (id: string, clock: ParticipantClock): UserSpec => ({
  id,
  sessions: [
    {
      clock,
      tracks: [
        { kind: 'audio', dtx: true, segments: [tenMinutes] },
        {
          kind: 'video',
          codec: 'vp8',
          width: 160,
          height: 96,
          fps: 2,
          keyFrameEveryMs: 20_000,
          segments: [tenMinutes],
        },
      ],
    },
  ],
});

/** Sound cards and cameras run true here; it is the clocks that reports speak of that do not. */
const driftingClocks: TimedCall = {
  name: 'ten minutes of wall clocks that drift',
  containers: ['mkv'],
  spec: {
    seed: 'drifting clocks',
    callId: 'drifting-clocks',
    users: [
      driftingClock('true', {}),
      driftingClock('fast, from 120 ms behind to right', { driftPpm: DRIFT_PPM, offsetMs: -120 }),
      driftingClock('slow, and a minute ahead', { driftPpm: -DRIFT_PPM, offsetMs: 70_000 }),
    ],
  },
};

export const timedCalls = { wallClocks, reports, slowPictures, tracks, pairs, drift, driftingClocks };

export const allTimedCalls: readonly TimedCall[] = Object.values(timedCalls);

/** A microphone and the camera, or a screen's sound and the screen, that began with it. */
export interface Pair {
  readonly sound: TrackTruth;
  readonly picture: TrackTruth;
  /** Its session has others of the kind, so names need the track's id. */
  readonly oneOfMany: boolean;
}

/** What must come out of a call with sound and picture in one file. */
export function pairsOf({ tracks }: CallTruth): Pair[] {
  const groups = Map.groupBy(tracks, ({ sessionId, screenshare }) => `${sessionId} ${screenshare}`);
  return [...groups.values()].flatMap((group) => {
    const sounds = group.filter(({ kind }) => kind === 'audio');
    const pictures = group.filter(({ kind }) => kind === 'video');
    return sounds.flatMap((sound, i) => {
      const picture = pictures[i];
      return picture === undefined ? [] : [{ sound, picture, oneOfMany: sounds.length > 1 }];
    });
  });
}
