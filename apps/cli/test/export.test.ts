import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawreel } from './fakes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-export-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = ['export', '--input-file', 'a.zip', '--output', 'out', '--for'];

async function asked(...args: readonly string[]) {
  const { exitCode, told } = await rawreel([...START, ...args]);
  expect(exitCode).toBe(0);
  return { request: told.request, verify: told.ran?.verify };
}

describe('export', () => {
  it('for an editor · a rate, a codec and a size for all pictures, names for tracks', async () => {
    const names = join(folder, 'names.json');
    writeFileSync(names, '{"alice":"Alice Liddell"}');
    const { request, verify } = await asked(
      ...['editor', '--cfr', '30', '--codec', 'prores', '--size', '1920x1080', '--names', names, '--verify'],
    );
    expect(request).toMatchObject({
      outputs: ['editor'],
      editor: {
        fps: 30,
        codec: 'prores',
        size: { width: 1920, height: 1080 },
        names: { alice: { name: 'Alice Liddell' } },
      },
    });
    expect(verify).toBe(true);
  });

  it('for a podcast · formats of stems and mix, names for who is in them', async () => {
    const names = join(folder, 'guests.json');
    writeFileSync(names, '{"bob":"Bob Roberts"}');
    const { request } = await asked('podcast', '--stems', 'wav', '--format', 'm4a', '--names', names);
    const podcast = { stems: 'wav', format: 'm4a', names: { bob: { name: 'Bob Roberts' } } };
    expect(request).toMatchObject({ outputs: ['podcast'], podcast });
  });

  it('for a transcriber · the kit', async () => {
    const { request } = await asked('transcription');
    expect(request).toMatchObject({ outputs: ['transcription'], align: 'recording' });
  });

  it('without saying for whom · names who there is', async () => {
    const { exitCode, stderr } = await rawreel(['export', 'a.zip', '-o', 'out']);
    expect([exitCode, stderr]).toEqual([
      2,
      expect.stringContaining('Add --for editor, podcast, transcription.'),
    ]);
  });

  it.each([
    [['cinema'], /--for takes one of editor, podcast, transcription/],
    [['editor', '--cfr', '24'], /--cfr takes one of 25, 30/],
    [
      ['podcast', '--codec', 'prores'],
      /--codec does nothing with --for podcast\n {2}It is for --for editor\./,
    ],
    [['editor', '--format', 'm4a'], /--format does nothing with --for editor/],
    [['transcription', '--names', 'names.json'], /It is for --for editor or --for podcast\./],
  ])('%j · is a usage error that says what it takes', async (args, says) => {
    const { exitCode, stderr } = await rawreel([...START, ...args]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});
