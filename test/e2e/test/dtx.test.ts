import { join } from 'node:path';
import { type AudioTrackSpec, type GeneratedCall, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { dtxEncoder } from '../src/dtx-encoder.ts';
import { type Laid, layOut, spreadMs } from '../src/moments.ts';
import { make, type SaidFile, type SaidMix, temporaryFolder } from '../src/rawreel.ts';
import { BY_RECEIVE_TIME_MS } from '../src/timed-calls.ts';

/** What the least delayed packets and a beep's edges leave between moments of one track: less than a packet. */
const OF_ONE_TRACK_MS = 5;

/** Noise between beeps is what libopus takes longest to call silence, and what it then refreshes. */
const microphones: Record<string, Partial<AudioTrackSpec>> = {
  'voice, silence between': { encoder: dtxEncoder('voip') },
  'voice, a quiet room between': { encoder: dtxEncoder('voip'), background: 0.001 },
  'music, silence between': { encoder: dtxEncoder('audio') },
};

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let call: GeneratedCall;
let files: readonly (SaidFile | SaidMix)[];
let output: string;

beforeAll(async () => {
  room = await temporaryFolder();
  call = await generateCall({
    seed: 'dtx',
    callId: 'dtx',
    users: Object.entries(microphones).map(([id, microphone], number) => ({
      id,
      sessions: [
        {
          clock: { offsetMs: number * 10_000 },
          tracks: [
            {
              kind: 'audio',
              dtx: true,
              ...microphone,
              segments: [{ startMs: 300 + number * 170, durationMs: 15_000 }],
            },
          ],
        },
      ],
    })),
  });
  const archive = join(room.path, 'dtx.zip');
  output = join(room.path, 'dtx');
  await call.writeArchive(archive);
  const { exitCode, stderr, said } = await make('process-all', ['--input-file', archive], output);
  expect([exitCode, stderr]).toEqual([0, '']);
  files = (said.files ?? []) as typeof files;
});
afterAll(() => room[Symbol.asyncDispose]());

describe('20 ms Opus from libopus with DTX', () => {
  it('is what it says: most frames are not sent, silence is refreshed each 400 ms, and no beep is left out', () => {
    for (const { frames, beeps, beepsUncertain } of call.truth.tracks) {
      const sent = frames.filter((frame) => frame.sent);
      expect(sent.length).toBeLessThan(frames.length * 0.7);
      expect(sent.some(({ data }) => data.length === 1)).toBe(true);
      const pauses = sent.slice(1).map(({ captureMs }, i) => captureMs - (sent[i]?.captureMs ?? 0));
      expect(Math.round(Math.max(...pauses))).toBeLessThanOrEqual(400);
      expect([beeps.length, beepsUncertain.length]).toEqual([15, 0]);
    }
  });

  it('in the mix every beep is whole and where it was', async () => {
    const mixed = files.find((file): file is SaidMix => file.kind === 'mix');
    if (mixed === undefined) throw new Error('no mix');
    expectPlaced(await layOut(output, mixed, call.truth.tracks, call.truth));
  });

  it('in each file every beep is whole and where it was', async () => {
    const laid: Laid[] = [];
    for (const track of call.truth.tracks) {
      const file = files.find(
        (each): each is SaidFile => each.kind === 'audio' && each.trackId === track.trackId,
      );
      if (file === undefined) throw new Error(`no file of ${track.userId}`);
      laid.push(...(await layOut(output, file, [track], call.truth)));
    }
    expectPlaced(laid);
  });
});

function expectPlaced(laid: readonly Laid[]): void {
  expect(laid).toHaveLength(Object.keys(microphones).length);
  for (const each of laid) expect(spreadMs([each]), each.track.userId).toBeLessThanOrEqual(OF_ONE_TRACK_MS);
  expect(spreadMs(laid)).toBeLessThanOrEqual(BY_RECEIVE_TIME_MS);
}
