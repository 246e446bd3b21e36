import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { languageCode } from '../../src/plan/language-code.ts';
import type { PlanRequest } from '../../src/plan/plan.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { type SparseTrack, sparseCall } from '../support/sparse-call.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-handoff-'));
});
afterAll(() => rm(folder, { recursive: true }));

const SEGMENTS = [{ startMs: 0 }];
/** Alice speaks, and shares a screen that plays something. */
const CALL: SparseTrack[] = [
  { user: 'alice', kind: 'audio', segments: SEGMENTS },
  { user: 'alice', kind: 'audio', segments: SEGMENTS },
  { user: 'alice', kind: 'video', segments: SEGMENTS },
  { user: 'bob', kind: 'audio', segments: SEGMENTS },
];

async function planned(request: PlanRequest) {
  const path = join(folder, 'call.zip');
  await writeFile(path, sparseCall(CALL));
  await using recording = await openRecording(path);
  const tracks = recording.tracks.map((track) => ({ ...track, screenshare: track.trackId === 't1' }));
  return planRecording({ ...recording, tracks }, request);
}

describe.each(['editor', 'podcast'] as const)('stems for %s', (whom) => {
  test('what plays in a shared screen is nobody’s voice, and has a stem of its own', async () => {
    const names = { alice: { name: 'Alice Liddell' } };
    const { outputs, tracks } = await planned({ outputs: [whom], editor: { names }, podcast: { names } });
    const stems = outputs.filter((output) => output.kind === 'stem');
    const heard = (numbers: readonly number[]) => numbers.map((number) => tracks[number]?.trackId);
    expect(stems.map(({ name, tracks: own }) => [name, heard(own)])).toEqual([
      ['Alice Liddell', ['t0']],
      ['bob', ['t0']],
      ['Alice Liddell (screen)', ['t1']],
    ]);
    expect(
      stems.map(({ file }) =>
        /_(alice|bob)(_shared)?_\d+_names-[0-9a-f]{8}\.(wav|flac)$/.exec(file)?.slice(1, 3),
      ),
    ).toEqual([
      ['alice', undefined],
      ['bob', undefined],
      ['alice', '_shared'],
    ]);
  });
});

test('all voices of a call are all of a podcast, without its pictures too', async () => {
  const { outputs } = await planned({ outputs: ['podcast'], trackId: ['t0', 't1'] });
  expect(outputs.map(({ file }) => file).filter((file) => file.includes('_part-'))).toEqual([]);
});

test.each([
  [{ fps: 24 }, 'no proxy has 24 pictures a second', 'Choose one of 25, 30.'],
  [{ size: { width: 641, height: 360 } }, 'a proxy cannot be 641x360', 'Its sides are even numbers'],
])('a proxy that cannot be · %j', async (editor, message, hint) => {
  const planning = planned({ outputs: ['editor'], editor: editor as PlanRequest['editor'] });
  await expect(planning).rejects.toMatchObject({
    code: 'ERR_COMPOSITE_LOOK',
    message,
    hint: expect.stringContaining(hint),
  });
});

test.each([
  ['pt-BR', 'por'],
  ['EN_us', 'eng'],
  ['gsw', 'gsw'],
  ['xx', undefined],
  ['constructor', undefined],
  [undefined, undefined],
])('a language · %s is %s to a container', (tag, code) => {
  expect(languageCode(tag)).toBe(code);
});
