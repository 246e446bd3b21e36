import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { make, rawreel, type Said, temporaryFolder } from '../src/rawreel.ts';

const SAMPLE = join(import.meta.dirname, '..', '..', 'samples', 'chromium-call.zip');
const PROGRAM = join(import.meta.dirname, '..', '..', '..', 'apps', 'cli', 'bin', 'rawreel.js');

let room: Awaited<ReturnType<typeof temporaryFolder>>;
/** A voice and a camera of two seconds, H264. */
let call: string;

beforeAll(async () => {
  room = await temporaryFolder();
  call = join(room.path, 'call.zip');
  const segments = [{ startMs: 0, durationMs: 2000 }];
  const tracks = [
    { kind: 'audio', segments },
    { kind: 'video', codec: 'h264', width: 160, height: 90, segments },
  ] as const;
  await (await generateCall({ users: [{ id: 'alice', sessions: [{ id: 's', tracks }] }] })).writeArchive(
    call,
  );
});
afterAll(() => room[Symbol.asyncDispose]());

/** The program where no file may have more than so many kilobytes. */
async function limited(kilobytes: number, args: readonly string[]) {
  const child = spawn(
    'bash',
    ['-c', `ulimit -f ${kilobytes}; exec "$@"`, '-', process.execPath, PROGRAM, ...args],
    { stdio: ['ignore', 'pipe', 'pipe'] },
  );
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stderr, said: JSON.parse(stdout) as Said };
}

describe('where files cannot be as large as they should', () => {
  it('half-way · what is whole stays, with manifest and report; the rest has failed, once each, and left nothing', async () => {
    const output = join(room.path, 'limited');
    const args = ['process-all', '--input-file', SAMPLE, '--output', output, '--json'];
    const { exitCode, stderr, said } = await limited(900, args);
    expect(exitCode).toBe(1);
    expect(stderr).not.toContain('Warning');
    expect(said.files?.map(({ kind }) => kind)).toEqual(['audio', 'mix']);
    expect(said.failures?.map(({ code }) => code)).toEqual(['ERR_DISK_FULL', 'ERR_DISK_FULL']);
    for (const { message } of said.failures ?? []) expect(message.match(/EFBIG/g)).toHaveLength(1);
    const made = said.files?.map(({ path }) => path) ?? [];
    expect(readdirSync(output).sort()).toEqual([...made, 'manifest.json'].sort());
    const manifest = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
    expect(manifest.files.map(({ path }: { path: string }) => path)).toEqual([...made].sort());
  });

  it('from the start · an error, and no folder', async () => {
    const output = join(room.path, 'none');
    const args = ['process-all', '--input-file', SAMPLE, '--output', output, '--json'];
    const { exitCode, said } = await limited(40, args);
    expect([exitCode, said.error?.code]).toEqual([1, 'ERR_DISK_FULL']);
    expect(readdirSync(room.path)).not.toContain('none');
  });
});

describe('an output folder that somebody has prepared', () => {
  it('with a colon in its name · holds an MP4 all the same', async () => {
    const output = join(room.path, 'at 9:30', 'x');
    const { exitCode, said } = await make('mux-av', ['--input-file', call], output, ['--container', 'mp4']);
    expect([exitCode, said.failures]).toEqual([0, []]);
    expect(readdirSync(output).filter((name) => name.endsWith('.mp4'))).toHaveLength(1);
  });

  it('with links in the place of files · --overwrite replaces them, and what they lead to stays as it is', async () => {
    const first = join(room.path, 'first');
    const args = ['--input-file', call, '--no-mix'];
    const { said } = await make('process-all', args, first);
    const paths = said.files?.map(({ path }) => path) ?? [];
    expect(paths).toHaveLength(3);
    const second = join(room.path, 'second');
    const target = join(room.path, 'target');
    mkdirSync(second);
    writeFileSync(target, 'precious');
    for (const path of paths) symlinkSync(target, join(second, path));
    expect((await make('process-all', args, second)).exitCode).toBe(1);
    for (const path of paths) expect(readFileSync(join(second, path), 'utf8')).toBe('precious');
    expect((await make('process-all', [...args, '--overwrite'], second)).exitCode).toBe(0);
    expect(readFileSync(target, 'utf8')).toBe('precious');
    for (const path of paths)
      expect(readFileSync(join(second, path)).equals(readFileSync(join(first, path)))).toBe(true);
  });

  it('with links to files that an earlier run has made · they are made anew', async () => {
    const output = join(room.path, 'resumed');
    const args = ['--input-file', call, '--no-mix'];
    const { said } = await make('process-all', args, output);
    const [path = ''] = said.files?.map((file) => file.path) ?? [];
    const elsewhere = join(room.path, 'elsewhere.mkv');
    writeFileSync(elsewhere, readFileSync(join(output, path)));
    rmSync(join(output, path));
    symlinkSync(elsewhere, join(output, path));
    const again = await make('process-all', args, output);
    expect(again.said.alreadyMade).toHaveLength(2);
    expect(again.said.alreadyMade).not.toContain(path);
  });

  it.each([
    ['a manifest that is a pipe', 'manifest.json', 'ERR_MANIFEST_UNREADABLE'],
    ['a lock that is a pipe', '.manifest.lock', 'ERR_MANIFEST_LOCKED'],
  ])('with %s · says so at once, and leaves it alone', async (_what, name, code) => {
    const output = join(room.path, name === 'manifest.json' ? 'piped' : 'locked');
    mkdirSync(output);
    execFileSync('mkfifo', [join(output, name)]);
    const args = ['extract-audio', '--input-file', call, '--output', output, '--json'];
    const { exitCode, stdout } = await rawreel(args);
    expect([exitCode, (JSON.parse(stdout) as Said).error?.code]).toEqual([1, code]);
    expect(readdirSync(output)).toEqual([name]);
  });
});
