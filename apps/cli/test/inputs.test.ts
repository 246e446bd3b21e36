import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { availableParallelism, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { packages } from '../src/lazy-packages.ts';
import { outputFolders } from '../src/make/output-folders.ts';
import { INTERRUPTED, report, type Stage, rawreel as scripted } from './fakes.ts';
import { writeRecording } from './small-recording.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-inputs-'));
  mkdirSync(join(folder, 'tmp'));
  vi.stubEnv('TMPDIR', join(folder, 'tmp'));
  for (const [place, user] of [
    ['calls', 'alice'],
    ['calls', 'bob'],
    ['other', 'alice'],
  ] as const)
    archive(place, user);
  writeFileSync(join(folder, 'calls', 'notes.txt'), 'no archive');
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

/** A recording of one user as a tar of that name. */
function archive(place: string, user: string): void {
  const content = join(folder, `content-${++count}`);
  writeRecording(content, [{ user, trackId: `t-${user}`, packets: 100 }]);
  mkdirSync(join(folder, place), { recursive: true });
  execFileSync('tar', ['-cf', join(folder, place, `${user}.tar`), '-C', content, '.']);
}

const at = (...parts: string[]) => join(folder, ...parts);
const newOutput = () => at(`out-${++count}`);

/** The program with the real packages. */
async function rawreel(words: readonly string[], output = newOutput(), stage: Stage = {}) {
  const args = ['extract-audio', ...words, '--output', output];
  return { output, ...(await scripted(args, { packages, ...stage })) };
}

/** The users of the files in each folder below an output. */
const madeIn = (output: string): Record<string, string[]> =>
  Object.fromEntries(
    readdirSync(output)
      .sort()
      .map((name) => [name, usersIn(join(output, name))]),
  );

const usersIn = (place: string): string[] => {
  const { files } = JSON.parse(readFileSync(join(place, 'manifest.json'), 'utf8'));
  expect(readdirSync(place).sort()).toEqual(
    [...files.map(({ path }: { path: string }) => path), 'manifest.json'].sort(),
  );
  return files.map(({ userId }: { userId: string }) => userId);
};

const BOTH = { alice: ['alice'], bob: ['bob'] };

describe('several recordings', () => {
  it('have no page in common · --report is refused before any work', async () => {
    const output = newOutput();
    const args = ['process-all', at('calls/*.tar'), '-o', output, '--no-mix', '--report', at('report.html')];
    const { exitCode, stderr } = await scripted(args, { packages });
    expect([exitCode, existsSync(output), existsSync(at('report.html'))]).toEqual([2, false, false]);
    expect(stderr).toMatch(
      /--report writes the page of one recording.*\n {2}Name one of them; or make a page for each/,
    );
  });

  it.each<[string, () => string[]]>([
    ['as words, as a shell makes them of a pattern', () => [at('calls/alice.tar'), at('calls/bob.tar')]],
    [
      'after an option, which may be repeated',
      () => ['-i', at('calls/alice.tar'), '-i', at('calls/bob.tar')],
    ],
    ['one with an option and more words', () => ['--input-file', at('calls/alice.tar'), at('calls/bob.tar')]],
    ['as a pattern that no shell has expanded', () => [at('calls/*.tar')]],
    ['as a folder of archives', () => ['--input-dir', at('calls')]],
    ['twice the same is once', () => [at('calls/alice.tar'), at('calls'), at('calls/alice.tar')]],
  ])('%s · each in a folder of its own', async (_, words) => {
    const { exitCode, stdout, output } = await rawreel(words());
    expect(exitCode).toBe(0);
    expect(madeIn(output)).toEqual(BOTH);
    expect(stdout).toMatch(
      /^2 recordings in .*\/ \(2 files, .*\): 2 whole\n {2}whole {2}.*alice\.tar {2}1 file/,
    );
  });

  it('what an earlier run has made of each · is kept, and told', async () => {
    const words = [at('calls/*.tar'), '--skip-existing'];
    const { output } = await rawreel(words);
    const { stdout } = await rawreel(words, output);
    expect(stdout.match(/1 file, 1 made before/g)).toHaveLength(2);
  });

  it('in a list · blank lines and remarks are none, and a line may be a pattern', async () => {
    const list = at('list.txt');
    writeFileSync(list, `\ufeff# of Monday\r\n\r\n${at('calls/al*.tar')}\r\n${at('calls/bob.tar')}\n`);
    const { exitCode, output } = await rawreel(['--inputs-from', list]);
    expect([exitCode, madeIn(output)]).toEqual([0, BOTH]);
  });

  it('in a list from stdin, as find prints it', async () => {
    const stdin = `${at('calls/alice.tar')}\n${at('calls/bob.tar')}\n`;
    const { exitCode, output } = await rawreel(['--inputs-from', '-'], undefined, { stdin });
    expect([exitCode, madeIn(output)]).toEqual([0, BOTH]);
  });

  it('what a folder or a pattern turned out to be is said, and not with --quiet', async () => {
    const words = [at('calls'), at('oth*/*.tar')];
    const told = await rawreel(words);
    expect(told.stderr).toContain(`${at('calls')} is a folder with 2 archives in it\n`);
    expect(told.stderr).toContain(`${at('oth*/*.tar')}: 1 recording\n`);
    const { stderr } = await rawreel([...words, '-q']);
    expect(stderr).toBe('');
  });

  it('of the same name · each is named with the folder that it lies in', async () => {
    const { output } = await rawreel([at('calls/alice.tar'), at('other/alice.tar'), at('calls/bob.tar')]);
    expect(madeIn(output)).toEqual({ bob: ['bob'], calls_alice: ['alice'], other_alice: ['alice'] });
  });

  it('one alone that could have been several · has a folder all the same', async () => {
    const { output } = await rawreel([at('other')]);
    expect(madeIn(output)).toEqual({ alice: ['alice'] });
  });

  it('one alone · goes right into the output', async () => {
    const { output } = await rawreel([at('other/alice.tar')]);
    expect(usersIn(output)).toEqual(['alice']);
  });

  it('a folder that is a recording is one, though an archive lies in it', async () => {
    const content = at('unpacked');
    writeRecording(content, [{ user: 'dora', trackId: 't-dora', packets: 100 }]);
    copyFileSync(at('calls/bob.tar'), join(content, 'bob.tar'));
    const { output, stderr } = await rawreel(['--input-dir', content]);
    expect(usersIn(output)).toEqual(['dora']);
    expect(stderr).not.toContain('is a folder with');
  });

  it('a file whose name looks like a pattern is that file', async () => {
    copyFileSync(at('calls/bob.tar'), at('call [1].tar'));
    const { output } = await rawreel([at('call [1].tar')]);
    expect(usersIn(output)).toEqual(['bob']);
  });

  it.each<[string, string[], number]>([
    ['--workers is for each', ['--workers', '3'], 3],
    ['without it they share what there is', [], Math.max(1, Math.floor(availableParallelism() / 2))],
  ])('with --jobs 2 · %s', async (_, words, workers) => {
    const args = ['extract-audio', 'a.zip', 'b.zip', '--output', 'out', '--jobs', '2', ...words];
    expect((await scripted(args)).told.ran?.workers).toBe(workers);
  });

  it.each([['1'], ['2']])('with --jobs %s · one that fails does not stop the others', async (jobs) => {
    writeFileSync(at('page.zip'), '<html>');
    const words = [at('calls/alice.tar'), at('page.zip'), at('calls/bob.tar'), '--jobs', jobs];
    const { exitCode, stdout, stderr, output } = await rawreel(words);
    expect(exitCode).toBe(1);
    expect(madeIn(output)).toEqual(BOTH);
    expect(stdout).toMatch(/^3 recordings in .*: 2 whole, 1 failed \(exit 1\)\n/);
    expect(stdout).toMatch(/\n {2}failed {2}.*page\.zip +0 files/);
    expect(stderr).toContain(`rawreel: ${at('page.zip')} is not an archive`);
  });

  it.each([1, 2, 3])('with --jobs %i · as many are at work at the same time, and no more', async (jobs) => {
    let [underWay, most] = [0, 0];
    const all = Promise.withResolvers<void>();
    const runPlan = async () => {
      underWay += 1;
      most = Math.max(most, underWay);
      if (underWay === jobs) all.resolve();
      await all.promise;
      await turn();
      underWay -= 1;
      return report();
    };
    const names = ['a.zip', 'b.zip', 'c.zip', 'd.zip'];
    const args = ['extract-audio', ...names, '--output', 'out', '--jobs', `${jobs}`];
    const { exitCode } = await scripted(args, { processor: { runPlan } });
    expect([exitCode, most]).toEqual([0, jobs]);
  });

  it('the exit code is that of the worst', async () => {
    const content = at('cut');
    writeRecording(content, [{ user: 'carol', trackId: 't-carol', packets: 100, cut: 5 }]);
    const { exitCode, stdout, stderr } = await rawreel([at('calls/alice.tar'), '--input-dir', content]);
    expect(exitCode).toBe(3);
    expect(stdout).toMatch(/1 whole, 1 damaged \(exit 3\)/);
    expect(stderr).toContain('ends in the middle of a record');
    expect((await rawreel([at('calls'), content, '--accept-damage'])).exitCode).toBe(0);
    writeFileSync(at('page.zip'), '<html>');
    expect((await rawreel([content, at('page.zip'), at('calls')])).exitCode).toBe(1);
  });

  it('as JSON · one list, with the report or the error of each', async () => {
    writeFileSync(at('page.zip'), '<html>');
    const { stdout, output } = await rawreel([at('calls/alice.tar'), at('page.zip'), '--json']);
    expect(JSON.parse(stdout)).toMatchObject([
      { input: at('calls/alice.tar'), output: join(output, 'alice'), exitCode: 0, report: { failures: [] } },
      { input: at('page.zip'), exitCode: 1, error: { code: 'ERR_NOT_AN_ARCHIVE' } },
    ]);
  });

  it('a dry run plans each and writes nothing', async () => {
    const { exitCode, stdout, output } = await rawreel([at('calls'), '--dry-run']);
    expect(exitCode).toBe(0);
    expect(stdout.match(/^Would write 1 file to .*out-\d+\/(alice|bob)\//gm)).toHaveLength(2);
    expect(existsSync(output)).toBe(false);
    const { stdout: json } = await rawreel([at('calls'), '--dry-run', '--json']);
    expect(JSON.parse(json).map(({ plan }: { plan: { version: number } }) => plan.version)).toEqual([1, 1]);
  });

  it.each([['1'], ['2']])('interrupted with --jobs %s · nothing unfinished is left of any', async (jobs) => {
    const interruption = new AbortController();
    const output = newOutput();
    const words = [at('calls'), at('other/alice.tar'), '--jobs', jobs];
    const { exitCode, stdout, stderr } = await rawreel(words, output, {
      interruption,
      onStderr: (text) => {
        if (text.includes('calls/alice.tar') && !interruption.signal.aborted) interruption.abort(INTERRUPTED);
      },
    });
    expect(exitCode).toBe(130);
    expect(stdout).toMatch(/[1-3] not done\n/);
    expect(stderr).toContain('rawreel: interrupted (SIGINT)');
    for (const place of existsSync(output) ? readdirSync(output) : [])
      expect(readdirSync(join(output, place)).filter((name) => name.startsWith('.'))).toEqual([]);
  });
});

describe('a recording from stdin', () => {
  it('is kept in a file only as long as it is read', async () => {
    const stdin = readFileSync(at('calls/alice.tar'));
    const { exitCode, output } = await rawreel(['-i', '-'], undefined, { stdin });
    expect([exitCode, usersIn(output)]).toEqual([0, ['alice']]);
    expect(readdirSync(at('tmp'))).toEqual([]);
    const { files } = JSON.parse(readFileSync(join(output, 'manifest.json'), 'utf8'));
    expect(files).toMatchObject([{ source: 'stdin' }]);
  });

  it.each(['list-tracks', 'inspect'])('%s takes it, too, and a file as a word', async (command) => {
    const stdin = readFileSync(at('calls/alice.tar'));
    const piped = await scripted([command, '-', '--json'], { packages, stdin });
    const named = await scripted([command, at('calls/alice.tar'), '--json'], { packages });
    expect([piped.exitCode, named.exitCode]).toEqual([0, 0]);
    const seen = [piped, named].map(({ stdout }) => JSON.parse(stdout).tracks);
    expect(seen[0]).toMatchObject([{ userId: 'alice' }]);
    expect(seen[0]).toEqual(seen[1]);
    expect(readdirSync(at('tmp'))).toEqual([]);
  });

  it('beside others · has a folder of that name', async () => {
    const stdin = readFileSync(at('calls/bob.tar'));
    const { output } = await rawreel(['-', at('calls/alice.tar')], undefined, { stdin });
    expect(madeIn(output)).toEqual({ alice: ['alice'], stdin: ['bob'] });
  });

  it('that is none · leaves nothing, either', async () => {
    const { exitCode, stderr } = await rawreel(['-i', '-'], undefined, { stdin: 'no archive' });
    expect([exitCode, readdirSync(at('tmp'))]).toEqual([1, []]);
    expect(stderr).toMatch(/^rawreel: stdin is not an archive/);
  });

  it('without the one who is asked for · names the command to pipe it into', async () => {
    const stdin = readFileSync(at('calls/alice.tar'));
    const { stderr } = await rawreel(['-i', '-', '-u', 'alcie'], undefined, { stdin });
    expect(stderr).toContain('All users: rawreel list-tracks --input-file - --format users\n');
  });

  it.each<[string, string[], Stage, RegExp]>([
    ['from a terminal', ['-'], { typed: [] }, /- reads a recording from stdin, and that is a terminal/],
    ['twice', ['-', '--inputs-from', '-'], {}, /stdin can be read once only/],
  ])('%s · is a usage error', async (_, words, stage, says) => {
    const { exitCode, stderr } = await rawreel(words, undefined, stage);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(says)]);
  });
});

describe('recordings below a prefix of a bucket', () => {
  const objects = (...keys: string[]) => ({
    storage: {
      async *listObjects(prefix: string) {
        for (const key of keys)
          yield { address: `${prefix}${key}`, key, byteLength: 1, modifiedAt: new Date(0) };
      },
    },
  });

  it('are its archives', async () => {
    const args = ['extract-audio', '--input-s3', 's3://calls/2026/', '--output', 'out', '--json'];
    const { exitCode, stdout } = await scripted(args, objects('a.zip', 'b/c.tar.gz', 'notes.txt'));
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject([
      { input: 's3://calls/2026/a.zip', output: join('out', 'a') },
      { input: 's3://calls/2026/b/c.tar.gz', output: join('out', 'c') },
    ]);
  });

  it('none · is an error that names it', async () => {
    const args = ['extract-audio', '--input-s3', 's3://calls/2026/', '--output', 'out'];
    const { exitCode, stderr } = await scripted(args, objects('notes.txt'));
    expect([exitCode, stderr]).toEqual([1, expect.stringMatching(/no archive below s3:\/\/calls\/2026\//)]);
  });
});

it.each<[string, string[], RegExp]>([
  ['a pattern', ['nothing-*.zip'], /no file is named like nothing-\*\.zip/],
  ['a list', ['--inputs-from', '/dev/null'], /\/dev\/null names no recording/],
  [
    'a list that is not there',
    ['--inputs-from', 'no-list'],
    /--inputs-from no-list does not exist\n {2}Check the path/,
  ],
  ['a folder as a list', ['--inputs-from', '/'], /--inputs-from \/ is a folder, not a file/],
])('%s without a recording · is an error that names it', async (_, words, says) => {
  const { exitCode, stderr } = await rawreel(words);
  expect([exitCode, stderr]).toEqual([1, expect.stringMatching(says)]);
});

it('folders of recordings are named alike on all systems, and no two the same', () => {
  const inputs = ['a/x.zip', 'b/X.ZIP', 'https://h/x.zip?sig=1', '/c/y:1.tar.gz', 'a/x.tgz', '..'].map(
    (path) => ({
      flag: '--input-file',
      path,
    }),
  );
  expect(outputFolders(inputs, 's3://out/p/')).toEqual([
    's3://out/p/a_x',
    's3://out/p/b_X',
    's3://out/p/h_x',
    's3://out/p/y-1',
    's3://out/p/a_x-2',
    's3://out/p/recording',
  ]);
});
