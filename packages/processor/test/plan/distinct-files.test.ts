import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { checkDistinct } from '../../src/plan/distinct-files.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { type SparseTrack, sparseCall } from '../support/sparse-call.ts';

let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-distinct-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function filesOf(tracks: readonly SparseTrack[]): Promise<string[]> {
  const path = join(folder, 'call.zip');
  await writeFile(path, sparseCall(tracks));
  await using recording = await openRecording(path);
  const outputs = ['audio', 'video', 'muxed', 'mix', 'transcription'] as const;
  return planRecording(recording, { outputs }).outputs.map(({ file }) => file);
}

describe('files of a plan', () => {
  test('a camera that changes its codec · each part has a muxed file of its own; the first keeps its name', async () => {
    const files = await filesOf([
      { kind: 'audio', segments: [{ startMs: 0 }] },
      { kind: 'video', segments: [{ startMs: 0 }, { startMs: 1000, codec: 'vp9' }] },
    ]);
    const stamp = Date.UTC(2026, 10, 20, 11);
    const individual = 'individual_default_sparse_alice_of-alice';
    expect(files.slice(0, 5)).toEqual([
      `${individual}_audio_only_${stamp}.mkv`,
      `${individual}_video_only_${stamp}.mkv`,
      `${individual}_t1-vp9_video_only_${stamp}.mkv`,
      `${individual}_audio_video_${stamp}.mkv`,
      `${individual}_t1-vp9_audio_video_${stamp}.mkv`,
    ]);
    expect(new Set(files).size).toBe(files.length);
  });

  test('users whose ids are cut, folded or encoded to the same · every output has a file', async () => {
    const long = 'x'.repeat(300);
    const users = ['Zoë', 'zoe\u0308', 'ZOË', `${long}1`, `${long}2`, 'a b', 'a%20b', 'A B'];
    const files = await filesOf(
      users.map((user): SparseTrack => ({ user, kind: 'audio', segments: [{ startMs: 0 }] })),
    );
    expect(new Set(files.map((file) => file.normalize('NFC').toLowerCase())).size).toBe(files.length);
    for (const file of files) expect(file).toMatch(/^[^ ]{1,255}$/);
  });

  test('two outputs of one file · are refused, whatever made them so', () => {
    const output = (file: string) => ({ kind: 'audio', file, track: 0 }) as const;
    expect(() => checkDistinct([output('a.mkv'), output('b.mkv')])).not.toThrow();
    for (const other of ['a.mkv', 'A.mkv', '\u0061.MKV']) {
      expect(() => checkDistinct([output('a.mkv'), output(other)])).toThrow(
        expect.objectContaining({ code: 'ERR_OUTPUTS_COLLIDE' }),
      );
    }
  });
});
