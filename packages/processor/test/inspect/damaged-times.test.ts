import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type FileMap, generateCall, packFiles } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { inspectRecording } from '../../src/run/inspect-recording.ts';
import { camera, voice } from './inspected.ts';

/** The files with the receive time of one record of each dump changed: the last, or that of a place from the beginning. */
const withOffset = (files: FileMap, place: number, changed: (offsetMs: number) => number): FileMap =>
  new Map(
    [...files].map(([name, bytes]) => {
      if (!name.endsWith('.rtpdump')) return [name, bytes];
      const copy = bytes.slice();
      const view = new DataView(copy.buffer);
      const media: number[] = [];
      for (let at = copy.indexOf(0x0a) + 17; at < copy.length; at += view.getUint16(at))
        if (view.getUint16(at + 2) > 0) media.push(at);
      const at = media.at(place) ?? 0;
      view.setUint32(at + 4, changed(view.getUint32(at + 4)));
      return [name, copy];
    }),
  );

test.each([
  ['in the middle, years later', 100, (ms: number) => ms + 2 ** 31],
  ['in the middle, a quarter of a minute later', 100, (ms: number) => ms + 2 ** 14],
  ['in the middle, before the dump', -20, () => 0],
  ['the last, 49 days later', -1, () => 4_200_000_000],
])(
  'one receive time that cannot be, %s · the call is as long as it was, and nothing stood',
  async (_, place, changed) => {
    const long = { segments: [{ startMs: 0, durationMs: 12_000 }] };
    const call = await generateCall({
      seed: 'damaged times',
      users: [{ id: 'ann', sessions: [{ tracks: [voice(long), camera(long)] }] }],
    });
    const folder = await mkdtemp(join(tmpdir(), 'rawreel-times-'));
    try {
      const inspect = async (files: FileMap) => {
        const archive = join(folder, 'call.zip');
        await writeFile(archive, packFiles(files, 'zip'));
        await using recording = await openRecording(archive);
        return inspectRecording(recording);
      };
      const whole = await inspect(call.files);
      const damaged = await inspect(withOffset(call.files, place, changed));
      expect([damaged.causes, damaged.headline]).toEqual([whole.causes, whole.headline]);
      expect(Math.abs(damaged.durationMs - whole.durationMs)).toBeLessThan(100);
      for (const [index, { stalls, jitter, delta, seconds, sound }] of damaged.tracks.entries()) {
        expect(stalls).toEqual([]);
        expect(jitter.maxMs).toBeLessThan(50);
        expect(delta.maxMs).toBeLessThan(200);
        expect(seconds.second).toEqual(whole.tracks[index]?.seconds.second);
        expect(sound?.interruptedMs ?? 0).toBe(0);
      }
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
