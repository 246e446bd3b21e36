import { join } from 'node:path';
import { generateCall, type VideoCodec } from '@rawreel/fixtures';
import { type ProbedPacket, probePackets } from '@rawreel/fixtures/judge';
import { ALL_FORMATS, EncodedPacketSink, FilePathSource, Input, type InputTrack } from 'mediabunny';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, type SaidMuxed, temporaryFolder } from '../src/rawreel.ts';

let room: Awaited<ReturnType<typeof temporaryFolder>>;

beforeAll(async () => {
  room = await temporaryFolder();
});
afterAll(() => room[Symbol.asyncDispose]());

/** Somebody who is silent at times, mutes once, turns the camera off once, and whose pictures change their size. */
const person = (codec: VideoCodec) =>
  ({
    id: codec,
    sessions: [
      {
        tracks: [
          {
            kind: 'audio',
            dtx: true,
            segments: [
              { startMs: 300, durationMs: 2300 },
              { startMs: 4700, durationMs: 2500 },
            ],
          },
          {
            kind: 'video',
            codec,
            width: 160,
            height: 96,
            unevenMs: 9,
            segments: [
              { startMs: 400, durationMs: 2000, parts: [{ durationMs: 1000 }, { width: 320, height: 192 }] },
              { startMs: 4300, durationMs: 2000 },
            ],
          },
        ],
      },
    ],
  }) as const;

interface Packet {
  readonly ptsMs: number;
  readonly size: number;
  readonly key: boolean;
}

async function packetsOf(track: InputTrack): Promise<Packet[]> {
  const packets: Packet[] = [];
  for await (const { timestamp, byteLength, type } of new EncodedPacketSink(track).packets()) {
    packets.push({ ptsMs: timestamp * 1000, size: byteLength, key: type === 'key' });
  }
  return packets;
}

/** What ffprobe prints has six digits of a second; MP4 counts pictures in ticks of its own. */
const sameTime = (a: number, b: number): boolean => Math.abs(a - b) <= 0.0011;

function expectSame(packets: readonly Packet[], probed: readonly ProbedPacket[]): void {
  expect(packets.length).toBe(probed.length);
  expect(packets.map(({ size, key }) => [size, key])).toEqual(probed.map(({ size, key }) => [size, key]));
  const elsewhere = packets.filter(
    ({ ptsMs }, index) => !sameTime(ptsMs, probed[index]?.ptsMs ?? Number.NaN),
  );
  expect(elsewhere).toEqual([]);
}

describe.each([
  ['mkv', ['vp8', 'vp9', 'h264', 'av1']],
  ['mp4', ['vp9', 'h264', 'av1']],
  ['webm', ['vp8', 'vp9', 'av1']],
] as const)('mediabunny reads from %s what ffprobe reads', (container, codecs) => {
  let output: string;
  let files: readonly SaidMuxed[] = [];

  beforeAll(async () => {
    const call = await generateCall({ seed: 'second', callId: 'second', users: codecs.map(person) });
    const archive = join(room.path, `${container}.zip`);
    output = join(room.path, container);
    await call.writeArchive(archive);
    const more = ['--container', container];
    const { exitCode, stderr, said } = await make('mux-av', ['--input-file', archive], output, more);
    expect([exitCode, stderr]).toEqual([0, '']);
    files = said.files ?? [];
  });

  it.each(codecs)('%s with Opus · every packet with its time, from the first to the last', async (codec) => {
    const file = files.find(({ userId }) => userId === codec);
    if (file === undefined) throw new Error(`no file of ${codec}`);
    const path = join(output, file.path);
    using input = new Input({ source: new FilePathSource(path), formats: ALL_FORMATS });
    const [sound, picture] = [await input.getPrimaryAudioTrack(), await input.getPrimaryVideoTrack()];
    if (sound === null || picture === null) throw new Error('a track is missing');
    expect([sound.codec, picture.codec]).toEqual(['opus', codec === 'h264' ? 'avc' : codec]);
    const [heard, seen] = [await packetsOf(sound), await packetsOf(picture)];
    expectSame(heard, await probePackets(path, 'a:0'));
    expectSame(seen, await probePackets(path, 'v:0'));
    // Seven seconds in packets of 20 ms, and pictures with black where there were none.
    expect(heard.length).toBeGreaterThan(300);
    expect(seen.length).toBeGreaterThan(100);
    const firstMs = Math.min(heard[0]?.ptsMs ?? Number.NaN, seen[0]?.ptsMs ?? Number.NaN);
    expect(firstMs).toBeCloseTo((await input.getFirstTimestamp()) * 1000, 6);
    expect(Math.abs((await input.computeDuration()) * 1000 - file.durationMs)).toBeLessThanOrEqual(2);
  });
});
