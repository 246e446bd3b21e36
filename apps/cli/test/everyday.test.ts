import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { packages } from '../src/lazy-packages.ts';
import { rawreel as scripted } from './fakes.ts';
import { writeRecording } from './small-recording.ts';

let folder = '';
let call = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-everyday-'));
  call = join(folder, 'call');
  writeRecording(call, [
    { user: 'alice', trackId: 't-alice', packets: 500 },
    { user: 'bob', trackId: 't-bob', packets: 500 },
    { user: 'carol', trackId: 't-carol', packets: 500 },
  ]);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newOutput = () => join(folder, `out-${++count}`);

/** The program with the real packages; what it has left in the output. */
async function rawreel(command: string, words: readonly string[], output = newOutput()) {
  const args = [command, '--input-dir', call, '-o', output, ...words];
  const ended = await scripted(args, { packages });
  return { ...ended, output, files: readdirSync(output).sort() };
}

describe('--user-id, given twice', () => {
  it('makes files of both, and of nobody else', async () => {
    const { exitCode, files } = await rawreel('extract-audio', [
      '-u',
      'alice',
      '-u',
      'bob',
      '--name',
      'short',
    ]);
    expect([exitCode, files]).toEqual([0, ['alice-audio.mkv', 'bob-audio.mkv', 'manifest.json']]);
  });

  it('one that nobody is · is named', async () => {
    const args = ['extract-audio', '--input-dir', call, '-o', newOutput(), '-u', 'alice', '-u', 'calor'];
    const { exitCode, stderr } = await scripted(args, { packages });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no user "calor" in this recording\n {2}Did you mean "carol"\?/);
  });

  it.each(['--users', '--without', '--blur'])('%s of a composite · the same', async (option) => {
    const args = ['composite', '--input-dir', call, '-o', newOutput(), option, 'alice,calor'];
    const { exitCode, stderr } = await scripted(args, { packages });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/no user "calor" in this recording\n {2}Did you mean "carol"\?/);
  });
});

describe('--from and --to', () => {
  // The call begins at 9:30 and lasts ten seconds.
  it.each([
    ['positions', '2s', '0:05', 'alice-audio_2s-5s.mkv'],
    ['times of its day', '09:30:02Z', '10:30:05+01:00', 'alice-audio_2s-5s.mkv'],
    ['times', '2026-11-20T09:30:02Z', '2026-11-20T08:30:05.5-01:00', 'alice-audio_2s-5.5s.mkv'],
    ['a time before it', '09:29Z', '4s', 'alice-audio_to-4s.mkv'],
  ])('as %s', async (_, from, to, name) => {
    const words = ['--name', 'short', '-u', 'alice', '--from', from, '--to', to, '--json'];
    const { exitCode, stdout, files } = await rawreel('extract-audio', words);
    expect([exitCode, files]).toEqual([0, [name, 'manifest.json']]);
    const [file] = JSON.parse(stdout).files;
    const wanted = file.cut.toMs - (file.cut.fromMs ?? 0);
    expect(Math.abs(file.durationMs - wanted)).toBeLessThanOrEqual(20);
    // Without a beginning it begins with the first packet, which was on its way for 20 ms.
    expect(file.offsetMs).toBe(file.cut.fromMs ?? -20);
  });

  it('of a mix', async () => {
    const words = ['--name', 'short', '--format', 'wav', '--from', '2s', '--to', '5s', '--json'];
    const { stdout } = await rawreel('mix-audio', words);
    expect(JSON.parse(stdout).files).toMatchObject([
      { path: 'all-mix_2s-5s.wav', durationMs: 3000, offsetMs: 2000 },
    ]);
  });

  it('of a composite is what its scenes are of', async () => {
    const words = ['--no-film', '--from', '09:30:02Z', '--to', '5s', '--json'];
    const { stdout } = await rawreel('composite', words);
    expect(JSON.parse(stdout).files).toMatchObject([{ kind: 'scenes', durationMs: 3000, offsetMs: 2000 }]);
  });

  it('of a composite that is only planned · its scenes are printed, and nothing is left', async () => {
    const temporary = newOutput();
    mkdirSync(temporary);
    vi.stubEnv('TMPDIR', temporary);
    onTestFinished(() => void vi.unstubAllEnvs());
    const args = ['composite', '--input-dir', call, '--dry-run', '--to', '3s', '--without', 'carol'];
    const { exitCode, stdout } = await scripted(args, { packages });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/\n1 scene in 0:03\.0\n +0:00\.0 {2}alice \(no camera\), bob \(no camera\)\n$/);
    expect(readdirSync(temporary)).toEqual([]);
  });

  it.each([
    [['extract-audio']],
    [['extract-audio', '-u', 'alice']],
    [['composite']],
    [['composite', '--users', 'alice']],
  ])('a part that is none is an error before any work · %j', async (words) => {
    const args = [...words, '--input-dir', call, '-o', newOutput(), '--from', '1:00:00'];
    const { exitCode, stderr } = await scripted(args, { packages });
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/the recording is over 9\.98s after its beginning, before 1h00m00s/),
    ]);
  });

  it.each(['noon', '9:45', '09:45Z7', '2026-11-20T09:45'])(
    '%s is a usage error or a position',
    async (from) => {
      const { exitCode } = await scripted(['extract-audio', '-i', 'a.zip', '-o', 'out', '--from', from]);
      expect(exitCode).toBe(from === '9:45' ? 0 : 2);
    },
  );
});

describe('--name', () => {
  it('names files by a template', async () => {
    const { files } = await rawreel('extract-audio', ['--name', '{date}_{user}.{media}']);
    expect(files).toEqual([
      '2026-11-20_alice.audio.mkv',
      '2026-11-20_bob.audio.mkv',
      '2026-11-20_carol.audio.mkv',
      'manifest.json',
    ]);
  });

  it('that is none · is a usage error, and leaves no folder', async () => {
    const args = ['extract-audio', '--input-dir', call, '-o', newOutput(), '--name', '{user}'];
    const { exitCode, stderr } = await scripted(args, { packages });
    expect([exitCode, stderr]).toEqual([2, expect.stringContaining('lacks {media}')]);
  });
});

describe('mixes', () => {
  it('two that differ lie beside each other', async () => {
    const output = newOutput();
    await rawreel('mix-audio', ['--format', 'wav'], output);
    await rawreel('mix-audio', ['--format', 'wav', '-u', 'alice'], output);
    const { files } = await rawreel('mix-audio', ['--format', 'wav', '--layout', 'per-user'], output);
    const stamp = 1_795_167_000_000;
    expect(files).toEqual([
      `composite_default_small_audio_${stamp}.wav`,
      expect.stringMatching(/^composite_default_small_audio_1795167000000_part-[0-9a-f]{8}\.wav$/),
      `composite_default_small_audio_${stamp}_per-user.wav`,
      'manifest.json',
    ]);
  });
});

describe('a file of somebody’s own', () => {
  const words = ['--name', 'short', '-u', 'alice', '-u', 'bob'];

  it('is not touched; what to do is said, and the others are made', async () => {
    const { output } = await rawreel('extract-audio', ['--name', 'short', '-u', 'carol']);
    writeFileSync(join(output, 'alice-audio.mkv'), 'mine');
    const { exitCode, stdout, files } = await rawreel('extract-audio', words, output);
    expect(exitCode).toBe(1);
    expect(readFileSync(join(output, 'alice-audio.mkv'), 'utf8')).toBe('mine');
    expect(files).toContain('bob-audio.mkv');
    expect(stdout).toMatch(/alice-audio\.mkv is there already, and the manifest does not name it/);
    expect(stdout).toContain('--overwrite');
  });

  it('is replaced with --overwrite', async () => {
    const { output } = await rawreel('extract-audio', ['--name', 'short', '-u', 'carol']);
    writeFileSync(join(output, 'alice-audio.mkv'), 'mine');
    const { exitCode } = await rawreel('extract-audio', [...words, '--overwrite'], output);
    expect(exitCode).toBe(0);
    expect(readFileSync(join(output, 'alice-audio.mkv')).byteLength).toBeGreaterThan(1000);
  });
});

describe('--skip-existing', () => {
  it.each(['extract-audio', 'transcription-kit', 'process-all'])(
    '%s keeps what it has made',
    async (command) => {
      const words = command === 'process-all' ? ['--format', 'wav'] : [];
      const first = await rawreel(command, [...words, '--skip-existing']);
      const inodes = (files: readonly string[]) =>
        files
          .filter((file) => file !== 'manifest.json')
          .map((file) => statSync(join(first.output, file)).ino);
      const [one = '', ...others] = first.files.filter((file) => file !== 'manifest.json');
      const before = inodes(others);
      rmSync(join(first.output, one));
      const again = await rawreel(command, [...words, '--skip-existing', '--json'], first.output);
      expect([again.files, inodes(others)]).toEqual([first.files, before]);
      expect(JSON.parse(again.stdout).alreadyMade.sort()).toEqual(others);
    },
  );

  it('makes again what was made with other options', async () => {
    const { output } = await rawreel('extract-audio', ['--skip-existing']);
    const words = ['--skip-existing', '--align', 'recording', '--json'];
    expect(JSON.parse((await rawreel('extract-audio', words, output)).stdout).alreadyMade).toEqual([]);
  });

  it('process-all --no-skip-existing makes all again, as --force does', async () => {
    const words = ['--no-mix', '--json'];
    const { output } = await rawreel('process-all', words);
    for (const flag of ['--no-skip-existing', '--force'])
      expect(JSON.parse((await rawreel('process-all', [...words, flag], output)).stdout).alreadyMade).toEqual(
        [],
      );
    expect(JSON.parse((await rawreel('process-all', words, output)).stdout).alreadyMade).toHaveLength(3);
  });

  describe.each([
    ['scrub', (file: string) => ['scrub', call, file, '--skip-existing'], ['--overwrite']],
    ['inspect', (file: string) => ['inspect', call, '--csv', file, '--skip-existing'], ['--anonymous']],
  ] as const)('%s', (_, words, anew) => {
    const newFile = () => {
      const place = newOutput();
      mkdirSync(place);
      return join(place, 'made');
    };
    const make = (file: string, more: readonly string[] = []) =>
      scripted([...words(file), ...more], { packages });
    const inode = (file: string) => statSync(file).ino;

    it('keeps what it has made, and says so; a file that was cut is made anew', async () => {
      const file = newFile();
      expect((await make(file)).exitCode).toBe(0);
      const before = inode(file);
      const again = await make(file);
      expect([again.exitCode, again.stdout]).toEqual([
        0,
        expect.stringMatching(/made before of the same recording, and kept/i),
      ]);
      expect([inode(file), again.stderr]).toEqual([before, '']);
      const bytes = readFileSync(file);
      writeFileSync(file, bytes.subarray(0, 10));
      expect((await make(file)).stdout).not.toMatch('kept');
      expect(readFileSync(file).subarray(0, 10)).toEqual(bytes.subarray(0, 10));
      expect(statSync(file).size).toBeGreaterThan(10);
    });

    it('takes nobody’s own file for its own; of a recording that has changed it is made anew', async () => {
      const file = newFile();
      writeFileSync(file, 'mine');
      const { exitCode, stderr } = await make(file);
      expect([exitCode, stderr]).toEqual([
        1,
        expect.stringContaining('is there already, and the manifest does not name it'),
      ]);
      expect(readFileSync(file, 'utf8')).toBe('mine');
      const another = newFile();
      expect((await make(another)).exitCode).toBe(0);
      const other = join(folder, 'other');
      writeRecording(other, [{ user: 'dave', trackId: 't-dave', packets: 50 }]);
      const changed = await scripted(
        words(another).map((word) => (word === call ? other : word)),
        { packages },
      );
      expect([changed.exitCode, changed.stdout]).toEqual([0, expect.not.stringContaining('kept')]);
    });

    it('makes anew what is asked for in another way', async () => {
      const file = newFile();
      await make(file);
      const before = inode(file);
      expect((await make(file, anew)).exitCode).toBe(0);
      expect(inode(file) === before).toBe(anew[0] === '--overwrite');
    });
  });

  it('inspect --json · tells what it found all the same, and writes what is missing', async () => {
    const place = newOutput();
    mkdirSync(place);
    const [page, table] = [join(place, 'page.html'), join(place, 'table.csv')];
    const args = ['inspect', call, '--html', page, '--skip-existing'];
    await scripted(args, { packages });
    const { ino } = statSync(page);
    const both = await scripted([...args, '--csv', table], { packages });
    expect(both.stdout).toMatch(
      /Written: .*table\.csv\nMade before of the same recording, and kept: .*page\.html\n$/,
    );
    const { stdout } = await scripted([...args, '--json'], { packages });
    expect([JSON.parse(stdout).call.id, statSync(page).ino]).toEqual(['small', ino]);
    expect(JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8')).files).toMatchObject([
      { kind: 'inspection', format: 'html', path: 'page.html', call: { id: 'small' } },
      { kind: 'inspection', format: 'csv', path: 'table.csv' },
    ]);
    expect((await scripted(['inspect', call, '--skip-existing'], { packages })).exitCode).toBe(2);
  });
});
