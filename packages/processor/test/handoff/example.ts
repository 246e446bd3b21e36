import type { Cast } from '../../src/composite/scenes/cast.ts';
import { timelineOf } from '../../src/handoff/timeline-of.ts';

const camera = { sessionId: 's-1', trackId: 't-cam', codec: 'vp8' } as const;
const screen = { sessionId: 's-1', trackId: 't-screen', codec: 'vp9' } as const;

/** Somebody whose name is all that markup, quotes and paths are made of. */
export const WILD = `A & <b>"'\`Zoë</b> 一 ${String.fromCharCode(0x202e)}\u0007`;

/** Alice turns her camera off and comes back; she shares for a while. Bob is heard only, goes and comes again. */
export const CAST: Cast = {
  durationMs: 20_010,
  members: [
    { userId: 'alice', present: [{ startMs: 0, endMs: 20_010 }], turns: [{ startMs: 1000.2, endMs: 3000 }] },
    {
      userId: 'bob',
      present: [
        { startMs: 2000, endMs: 8000 },
        { startMs: 12_000, endMs: 20_000 },
      ],
      turns: [{ startMs: 2500, endMs: 4000 }],
    },
  ],
  sources: [
    {
      userId: 'alice',
      source: camera,
      isShare: false,
      on: [
        { startMs: 99, endMs: 5020 },
        { startMs: 8000, endMs: 19_990 },
      ],
    },
    { userId: 'alice', source: screen, isShare: true, on: [{ startMs: 6000, endMs: 7000 }] },
  ],
};

export const timelineFor = (names: Readonly<Record<string, { readonly name: string }>> = {}) =>
  timelineOf(CAST, {
    name: 'default:standup',
    fps: 25,
    size: { width: 1280, height: 720 },
    startsAt: '2026-11-20T09:29:59.980Z',
    madeBy: 'test 1',
    names,
    media: [
      { kind: 'stem', file: 'stem alice#1.wav', name: names['alice']?.name ?? 'alice', channels: 1 },
      { kind: 'proxy', file: 'proxy_alice.mp4', source: camera, channels: 1 },
      { kind: 'proxy', file: 'proxy_alice_shared.mp4', source: screen, channels: 0 },
      { kind: 'stem', file: 'stem_bob.wav', name: 'bob', channels: 2 },
    ],
  });
