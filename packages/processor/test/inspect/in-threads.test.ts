import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { expect, test } from 'vitest';
import { TrackObserver } from '../../src/inspect/collect/observe-track.ts';
import { planTracks } from '../../src/plan/plan-tracks.ts';
import { scanTrack } from '../../src/scan/scan-track.ts';

const SAMPLE = join(import.meta.dirname, '../../../../test/samples/chromium-call.zip');

test('what was watched · has its columns in memory that threads share', async () => {
  await using recording = await openRecording(SAMPLE);
  const { tracks } = planTracks(recording, {});
  expect(tracks.length).toBeGreaterThan(1);
  for (const track of tracks) {
    const observer = new TrackObserver(0);
    await scanTrack(track.segments, { tap: observer, onBytes: () => undefined });
    const columns = observer.dumps.flatMap(({ seconds, delays }) => [
      seconds,
      ...delays.map(({ samples }) => samples),
    ]);
    expect(columns.length).toBeGreaterThan(1);
    for (const { buffer, length } of columns)
      expect([buffer instanceof SharedArrayBuffer, length > 0]).toEqual([true, true]);
  }
});
