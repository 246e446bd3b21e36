import { execFile, execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Inspection } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printLines } from '../src/inspection/print-lines.ts';
import { CAUSE, FakeOutput, INSPECTED, inspection, rawreel } from './fakes.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-inspect-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const START = ['inspect', '--input-file', 'call.zip'];

describe('inspect', () => {
  it('says what was felt in the first line, then what it came of, person by person', async () => {
    const { exitCode, stdout, stderr } = await rawreel(START);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout.split('\n')).toEqual([
      'standup · 42:17 · 2 people · sound impaired 1.4 % of the time bob spoke',
      '',
      'alice  nothing to remark',
      'bob    network froze 3 times from 12:04 to 14:06 (longest 2.8 s): both tracks stood together, 31 packets lost',
      '',
      'All measures: rawreel inspect --input-file call.zip --verbose',
      '',
    ]);
  });

  it('says in one line that there was no trouble', async () => {
    const calm = inspection({ causes: [], headline: 'no trouble: nobody lacked sound or picture' });
    const { stdout } = await rawreel(START, { inspection: calm });
    expect(stdout.split('\n').slice(0, 3)).toEqual([
      'standup · 42:17 · 2 people · no trouble: nobody lacked sound or picture',
      '',
      'All measures: rawreel inspect --input-file call.zip --verbose',
    ]);
  });

  it('a picture that stood without a known cause · says whose, when and how long', async () => {
    const [track] = inspection().tracks;
    const list = [
      { fromMs: 7000, untilMs: 7256 },
      { fromMs: 61_000, untilMs: 62_200 },
    ];
    const picture = { freezes: { count: 2, totalMs: 1456, longestMs: 1200, list } };
    const tracks = [{ ...track, userId: 'alice', picture }] as unknown as Inspection['tracks'];
    const { stdout } = await rawreel(START, { inspection: inspection({ tracks, causes: [] }) });
    expect(stdout).toMatch(
      /\nalice {2}picture stood 2 times from 0:07 on \(longest 1\.2 s\); no cause was found\nbob {4}nothing to remark\n/,
    );
  });

  it('says how certain it is, and what was the call’s, first', async () => {
    const { userId, sessionId, ...ofCall } = CAUSE;
    const causes = [
      { ...CAUSE, confidence: 'low' as const, sentence: 'camera sent few pictures' },
      { ...ofCall, sentence: 'nothing came from anybody' },
    ];
    const { stdout } = await rawreel(START, { inspection: inspection({ causes }) });
    expect(stdout).toMatch(
      /\ncall {3}nothing came from anybody\nalice .*\nbob {4}camera sent few pictures \(low confidence\)\n/,
    );
  });

  it('--verbose adds a line per track', async () => {
    const { stdout } = await rawreel([...START, '--verbose']);
    expect(stdout).toMatch(/^bob +audio +opus +2969 +1\.0 % +0 +1 +2\.5\/4\.6 ms .* 620 ms +143 ppm$/m);
  });

  it('keeps within a terminal, and ids harmless', async () => {
    const hostile = inspection({
      headline: 'sound impaired 2 % of the time b\u001b[31mob spoke',
      participants: inspection().participants.map((each) => ({ ...each, userId: 'b\u001b[31mob' })),
      causes: [{ ...CAUSE, userId: 'b\u001b[31mob' }],
      tracks: [{ ...INSPECTED, userId: 'b\u001b[31mob' }],
    });
    const { stdout } = await rawreel([...START, '--verbose'], {
      inspection: hostile,
      stdoutColumns: 70,
      env: { NO_COLOR: '1' },
    });
    expect(stdout).not.toContain('\u001b');
    expect(stdout).toContain('b\\x1b[31mob');
    for (const line of stdout.split('\n').slice(0, 8)) expect(line.length).toBeLessThanOrEqual(70);
  });

  it('--json is the inspection, and nothing else', async () => {
    const { stdout, exitCode } = await rawreel([...START, '--json']);
    expect([exitCode, JSON.parse(stdout)]).toEqual([0, inspection()]);
  });

  it('a damaged archive · exit 3, unless accepted', async () => {
    const problem = { code: 'DUMP_TRUNCATED', severity: 'damage', message: 'a dump ends early' } as const;
    const damaged = inspection({ problems: [problem] });
    const { exitCode, stderr } = await rawreel(START, { inspection: damaged });
    expect([exitCode, stderr]).toEqual([3, expect.stringContaining('a dump ends early')]);
    expect((await rawreel([...START, '--accept-damage'], { inspection: damaged })).exitCode).toBe(0);
  });

  it('a user that nobody is · a hint, from the ids there are', async () => {
    const unknown = Object.assign(new Error('no user "alcie" in this recording'), {
      code: 'ERR_NO_SUCH_USER',
      details: { known: ['alice', 'bob'] },
    });
    const { exitCode, stderr } = await rawreel([...START, '--user-id', 'alcie'], {
      processor: { inspectRecording: () => Promise.reject(unknown) },
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('Did you mean "alice"?');
  });

  it('--pcap and --csv are written whole, and named', async () => {
    const [pcap, csv] = [join(folder, 'call.pcapng'), join(folder, 'call.csv')];
    const { stdout } = await rawreel([...START, '--pcap', pcap, '--csv', csv]);
    expect(stdout).toContain(`Written: ${pcap}, ${csv}\n`);
    expect(readFileSync(pcap, 'utf8')).toBe('pcapng');
    const [heading, first, second] = readFileSync(csv, 'utf8').split('\r\n');
    expect(heading).toMatch(/^userId,sessionId,trackId,kind,screenshare,second,packets,lost,/);
    expect(first).toBe('bob,s-bob,t-bob-mic,audio,false,0,50,0,0,32,2,21,0,,,,,-30');
    expect(second).toBe('bob,s-bob,t-bob-mic,audio,false,1,49,1,0,31.4,3,40,,,,,,');
    expect(readdirSync(folder).filter((name) => name.endsWith('.part'))).toEqual([]);
  });

  it('a pipe is written, not replaced', async () => {
    const pipe = join(folder, 'call.fifo');
    execFileSync('mkfifo', [pipe]);
    const [read] = await Promise.all([
      promisify(execFile)('cat', [pipe]),
      rawreel([...START, '--pcap', pipe]),
    ]);
    expect(read.stdout).toBe('pcapng');
    expect(lstatSync(pipe).isFIFO()).toBe(true);
  });

  it('a file that cannot be written · says so, and leaves nothing', async () => {
    const path = join(folder, 'nowhere', 'call.csv');
    const { exitCode, stderr } = await rawreel([...START, '--csv', path]);
    expect(exitCode).toBe(1);
    expect(stderr).toContain(`${path} cannot be written`);
    expect(stderr).toContain('Choose a place that you may write to.');
  });

  it('ids that a spreadsheet would calculate, or a comma would part · are text', async () => {
    const path = join(folder, 'ids.csv');
    const tracks = [{ ...INSPECTED, userId: '=1+1', sessionId: 'a,"b"' }];
    await rawreel([...START, '--csv', path], { inspection: inspection({ tracks }) });
    expect(readFileSync(path, 'utf8').split('\r\n')[1]).toMatch(/^'=1\+1,"a,""b""",t-bob-mic,/);
  });

  it('a recording may be a word', async () => {
    const { told, exitCode } = await rawreel(['inspect', 'call.zip']);
    expect([exitCode, told.opened?.path]).toEqual([0, 'call.zip']);
    const both = await rawreel(['inspect', 'call.zip', '--input-file', 'other.zip']);
    expect([both.exitCode, both.told.opened]).toEqual([2, undefined]);
  });

  it('two recordings · a table of both, with what was found how often', async () => {
    let count = 0;
    const calm = inspection({ causes: [], durationMs: 60_000 });
    const { stdout, exitCode } = await rawreel(['inspect', 'a/monday.zip', 'tuesday.zip'], {
      processor: { inspectRecording: async () => (count++ === 0 ? inspection() : calm) },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^ +monday\.zip +tuesday\.zip\n/);
    expect(stdout).toMatch(/^length +42:17 +1:00$/m);
    expect(stdout).toMatch(/^packets lost +1\.0 % +1\.0 %$/m);
    expect(stdout).toMatch(/^network freeze +1 +0$/m);
    const json = await rawreel(['inspect', 'monday.zip', 'tuesday.zip', '--json']);
    expect(JSON.parse(json.stdout).recordings).toHaveLength(2);
    const page = await rawreel(['inspect', 'monday.zip', 'tuesday.zip', '--html', 'page.html']);
    expect(page.exitCode).toBe(2);
  });

  it('--packets · a line each, with what was done with it', async () => {
    const { stdout } = await rawreel([...START, '--packets']);
    expect(stdout.split('\n').map((line) => line.trim().split(/\s+/))).toEqual([
      ['ARRIVAL', 'SSRC', 'PT', 'SEQ', 'TIMESTAMP', 'M', 'SIZE', 'KEY', 'LAYER', 'FATE', 'TRACK'],
      ['0:00.020', '7', '111', '5', '960', 'M', '93', '-', '-', 'media', 't-bob-mic'],
      ['1:01.040', '-', '-', '-', '-', '-', '52', '-', '-', 'report', 't-bob-mic'],
      [
        ...['1:01.060', '8', '49', '6', '1920', '-', '1100', '-', '-', 'repaired', 't-bob-mic'],
        ...['2', 'repaired', 'by', 'fec'],
      ],
      [''],
    ]);
  });

  it('--frames --json · a JSON value each line', async () => {
    const { stdout } = await rawreel([...START, '--frames', '--json']);
    const [line, ...rest] = stdout.split('\n');
    expect(JSON.parse(line ?? '')).toMatchObject({ size: 4711, keyFrame: true, lossBefore: 2, width: 640 });
    expect(rest).toEqual(['']);
    expect((await rawreel([...START, '--frames'])).stdout).toMatch(/0:00\.040 .* 4711 key +2 +640×360 +90/);
  });

  it('lines end where nobody reads on', async () => {
    const output = new FakeOutput();
    let made = 0;
    async function* endless() {
      for (;;) {
        made++;
        yield [{}];
        if (made === 3) output.destroy();
      }
    }
    await printLines(endless(), undefined, () => 'line\n', output);
    expect(made).toBeLessThan(6);
  });
});

describe('process-all --report', () => {
  const start = ['process-all', '--input-file', 'call.zip', '--output', 'out', '--no-mix', '--report'];

  it('writes the page behind the files', async () => {
    const page = join(folder, 'made.html');
    const { exitCode, stdout } = await rawreel([...start, page], { inspection: inspection() });
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`What happened in the call: ${page}\n`);
    expect(readFileSync(page, 'utf8')).toContain('sound impaired 1.4 % of the time bob spoke');
  });

  it('uploads the page, where it shall lie in a bucket', async () => {
    const uploaded = new Map<string, string>();
    const { exitCode, stdout } = await rawreel([...start, 's3://media/standup/report.html'], {
      inspection: inspection(),
      storage: {
        async uploadFile(path, address) {
          uploaded.set(address, readFileSync(path, 'utf8'));
          return { etag: '"1"' };
        },
      },
    });
    expect(exitCode).toBe(0);
    expect(stdout).toContain('What happened in the call: s3://media/standup/report.html\n');
    expect([...uploaded.keys()]).toEqual(['s3://media/standup/report.html']);
    expect(uploaded.get('s3://media/standup/report.html')).toContain(
      'sound impaired 1.4 % of the time bob spoke',
    );
  });

  it.each(['s3://media/', 's3://media', 's3://media/standup/', 'https://media.example/report.html'])(
    'refuses %s before anything is made',
    async (page) => {
      const { exitCode, stderr, told } = await rawreel([...start, page], { inspection: inspection() });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(`--report takes a file or s3://bucket/name.html, not "${page}"`);
      expect(told.ran).toBeUndefined();
    },
  );

  it('says why there is none, where nothing had to be read', async () => {
    const { stderr } = await rawreel([...start, join(folder, 'none.html')]);
    expect(stderr).toContain('No page was written: all files were there already, so nothing was read.');
    expect(stderr).toContain('rawreel inspect --input-file call.zip --html');
  });

  it('leaves the page of an earlier run, where nothing had to be read', async () => {
    const page = join(folder, 'earlier.html');
    writeFileSync(page, 'of an earlier run');
    const { stderr } = await rawreel([...start, page]);
    expect(stderr).toContain(`${page} was left as it is: all files were there already`);
    expect(readFileSync(page, 'utf8')).toBe('of an earlier run');
  });

  it('without it, nothing is watched', async () => {
    const { told } = await rawreel(start.slice(0, -1));
    expect(told.ran?.onInspection).toBeUndefined();
  });
});
