import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { rawreel } from './fakes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-scrub-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('scrub', () => {
  it('writes the copy, and says how large it is', async () => {
    const copy = join(folder, 'out.zip');
    const { exitCode, stdout, told } = await rawreel(['scrub', 'call.zip', copy]);
    expect([exitCode, told.opened?.path, told.closed]).toEqual([0, 'call.zip', true]);
    expect(readFileSync(copy, 'utf8')).toBe('PK');
    expect(stdout).toBe(`${copy}: 2 bytes, nothing in it to be seen or heard\n`);
  });

  it('never over a file that is there, which may be another recording, unless told', async () => {
    const copy = join(folder, 'tuesday.zip');
    writeFileSync(copy, 'mine');
    const { exitCode, stderr, told } = await rawreel(['scrub', 'monday.zip', copy]);
    expect([exitCode, told.opened, readFileSync(copy, 'utf8')]).toEqual([1, undefined, 'mine']);
    expect(stderr).toContain('--overwrite');
    expect((await rawreel(['scrub', 'monday.zip', copy, '--overwrite'])).exitCode).toBe(0);
    expect(readFileSync(copy, 'utf8')).toBe('PK');
  });

  it('into a folder that there is not · says so', async () => {
    const { exitCode, stderr } = await rawreel(['scrub', 'call.zip', join(folder, 'none', 'out.zip')]);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('its folder does not exist\n')]);
  });

  it('never over the recording itself, and not without a name', async () => {
    const same = await rawreel(['scrub', 'call.zip', './call.zip'], { workingFolder: folder });
    expect([same.exitCode, same.told.opened]).toEqual([2, undefined]);
    expect((await rawreel(['scrub', 'call.zip'])).exitCode).toBe(2);
  });
});
