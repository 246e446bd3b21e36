import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { generateCall, type TrackTruth } from '@rawreel/fixtures';
import { type Beep, findBeeps, listenAudio, opusLookAheadMs } from '@rawreel/fixtures/judge';
import { FileSink, MatroskaWriter, type TrackEntry } from '@rawreel/matroska';
import { type CodedFrame, opusDurationTicks, opusHead } from '@rawreel/rtp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { AudioTrack } from '../../src/write/audio-track.ts';
import { joined } from '../support/joined.ts';

const DURATION_MS = 30_000;
/** One a second; what is of the next may or may not be in the last packet. */
const BEEPS = DURATION_MS / 1000;
const PARAMETERS = { codec: 'opus', channels: 1, codecPrivate: opusHead({ channels: 1 }) } as const;

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-drift-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function soundOf(driftPpm: number, frameMs: 20 | 60): Promise<TrackTruth> {
  const segments = [{ startMs: 0, durationMs: DURATION_MS }];
  const tracks = [{ kind: 'audio', frameMs, driftPpm, segments } as const];
  const call = await generateCall({ users: [{ id: 'alice', sessions: [{ tracks }] }] });
  return call.truth.tracks[0] as TrackTruth;
}

/** Beeps last up to 120 ms from each second on, and the encoder is a look-ahead behind. */
const isBeep = (startMs: number, durationMs: number) =>
  startMs % 1000 < 120 + opusLookAheadMs || (startMs % 1000) + durationMs > 1000;

function writerOf(path: string, entry: TrackEntry) {
  const sink = FileSink.open(path);
  const writer = new MatroskaWriter(sink, {
    ...{
      docType: 'matroska',
      tracks: [entry],
      writingApp: 'rawreel',
      title: 'drift',
      startsAtMs: 0,
      tags: {},
    },
  });
  const finish = async () => {
    await writer.finish();
    sink.close();
  };
  return { writer, finish };
}

/** Each packet at its true time, in two files: one as it is, one whose timestamps count the samples before. */
async function write({ frames }: TrackTruth) {
  const paths = ['clock.mka', 'samples.mka'].map((name) => join(folder, name)) as [string, string];
  let samples = 0;
  const track: AudioTrack = new AudioTrack({
    ...{ channels: 1, gaps: 'fill', dtx: 'fill' },
    write: (frame) => {
      byClock.writer.addFrame(1, frame);
      bySamples.writer.addFrame(1, { ...frame, timestampMs: Math.round(samples / 48) });
      samples += opusDurationTicks(joined(frame)) ?? Number.NaN;
    },
  });
  const [byClock, bySamples] = paths.map((path) => writerOf(path, track.entry())) as [
    ReturnType<typeof writerOf>,
    ReturnType<typeof writerOf>,
  ];
  for (const { rtpTimestamp, captureMs, durationMs, data } of frames) {
    const frame: CodedFrame = {
      run: 0,
      rtpTicks: (rtpTimestamp - (frames[0]?.rtpTimestamp ?? 0)) >>> 0,
      receivedMs: captureMs,
      durationTicks: opusDurationTicks(data) ?? Number.NaN,
      keyFrame: true,
      chunks: [data],
      byteLength: data.length,
      lossBefore: 0,
      parameters: PARAMETERS,
      rotation: 0,
      audioLevel: isBeep(captureMs, durationMs) ? { level: 10, voice: true } : { level: 127, voice: false },
    };
    track.add(frame, { atMs: captureMs, runAtMs: 0 }, 'none');
  }
  track.finish();
  await byClock.finish();
  await bySamples.finish();
  return { paths, samples, drift: track.report().drift };
}

const offsetsMs = (beeps: readonly Beep[]) =>
  beeps.map(
    ({ onsetMs }) => onsetMs - opusLookAheadMs - Math.round((onsetMs - opusLookAheadMs) / 1000) * 1000,
  );

// 3000 ppm is far more than any card has, so that half a minute takes several packets more or less.
describe('audio drift · as ffmpeg decodes it', () => {
  test.each([
    [3000, 20, 'native'],
    [3000, 60, 'libopus'],
    [-3000, 20, 'libopus'],
    [-3000, 60, 'native'],
  ] as const)(
    '%i ppm, packets of %i ms, %s decoder',
    async (ppm, frameMs, decoder) => {
      const sound = await soundOf(ppm, frameMs);
      const { paths, samples, drift } = await write(sound);
      const heard = await Promise.all(paths.map((path) => listenAudio(path, { decoder })));
      for (const { errors, samples: decoded } of heard) {
        expect(errors).toEqual([]);
        expect(decoded).toBe(samples);
      }
      expect(Math.abs(samples / 48 - DURATION_MS)).toBeLessThanOrEqual(frameMs);
      const packets = (Math.abs(ppm) * 1e-6 * DURATION_MS) / frameMs;
      const done = ppm > 0 ? drift?.packetsLeftOut : drift?.packetsAdded;
      expect(Math.abs((done ?? 0) - packets)).toBeLessThanOrEqual(1);

      const [byClock, bySamples] = heard.map((one) =>
        offsetsMs(findBeeps(one, sound.hz ?? 0).slice(0, BEEPS)),
      );
      expect(byClock).toHaveLength(BEEPS);
      expect(bySamples).toHaveLength(BEEPS);
      for (const offset of byClock ?? []) expect(Math.abs(offset)).toBeLessThan(1.5);
      for (const offset of bySamples ?? []) expect(Math.abs(offset)).toBeLessThanOrEqual(frameMs);
    },
    60_000,
  );
});
