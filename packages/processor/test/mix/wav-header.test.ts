import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { probeFile } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { wavHeader } from '../../src/mix/wav-header.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-wav-'));
});
afterAll(() => rm(folder, { recursive: true }));

const START = '2026-11-20T09:30:00.250Z';
const HOUR_SAMPLES = 3600 * 48_000;

describe('WAV headers', () => {
  test.each([
    ['an hour of mono', 1, HOUR_SAMPLES, 'RIFF'],
    ['the longest that RIFF counts', 2, 1_073_741_780, 'RIFF'],
    ['a little more', 2, 1_073_741_824, 'RF64'],
    ['a hundred channels for five hours', 100, 5 * HOUR_SAMPLES, 'RF64'],
  ])('%s · ffprobe reads length, channels and tags', async (_name, channels, samples, id) => {
    const header = wavHeader({ channels, samples, title: 'Zoë’s call', madeBy: 'test 1', startsAt: START });
    expect(header.subarray(0, 4).toString()).toBe(id);
    const path = join(folder, `${channels}-${samples}.wav`);
    await writeFile(path, header);
    // All zeros, which a file system need not store.
    await truncate(path, header.length + channels * samples * 2);
    const probed = await probeFile(path);
    expect(probed.errors).toEqual([]);
    expect(probed.durationMs).toBeCloseTo(samples / 48, 0);
    expect(probed.streams).toMatchObject([{ codec: 'pcm_s16le', channels, sampleRate: 48_000 }]);
    expect(probed.tags).toMatchObject({ title: 'Zoë’s call', encoder: 'test 1', date: START });
    await rm(path);
  });
});
