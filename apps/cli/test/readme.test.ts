import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeRecording } from './small-recording.ts';

const README = readFileSync(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const MAIN = join(import.meta.dirname, '..', 'src', 'main.ts');

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-readme-'));
  writeRecording(join(folder, 'call'), [
    { user: 'alice', trackId: 't-alice-mic', packets: 3000 },
    { user: 'bob', trackId: 't-bob-mic', packets: 2500, cut: 5 },
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Each command of the session with what is shown below it. */
function session(): { readonly command: string; readonly shown: string }[] {
  const block = /```console\n(.*?)```/s.exec(README)?.[1] ?? '';
  return block
    .split(/^\$ /m)
    .slice(1)
    .map((text) => {
      const end = text.indexOf('\n');
      return { command: text.slice(0, end), shown: text.slice(end + 1) };
    });
}

describe('the README', () => {
  it('has a session of its own', () => expect(session().length).toBeGreaterThan(3));

  it.each(session())('$command prints what is shown', ({ command, shown }) => {
    const [program, ...args] = command.split(' ');
    expect(program).toBe('rawreel');
    const { stdout, stderr } = spawnSync(process.execPath, [MAIN, ...args], {
      cwd: folder,
      encoding: 'utf8',
    });
    const errors = stderr.split('\n').filter((line) => !/^\w+ audio: /.test(line));
    // How long a run took is never twice the same, and a file's size is its writer's affair.
    const timeless = (text: string) =>
      text.replace(/, [\d.]+ m?s\)/, ', - ms)').replace(/[\d.]+ kB/g, '- kB');
    expect(timeless(stdout + errors.join('\n'))).toBe(timeless(shown));
  });
});
