import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
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

  it('never over the recording itself, and not without a name', async () => {
    const same = await rawreel(['scrub', 'call.zip', './call.zip'], { workingFolder: folder });
    expect([same.exitCode, same.told.opened]).toEqual([2, undefined]);
    expect((await rawreel(['scrub', 'call.zip'])).exitCode).toBe(2);
  });
});
