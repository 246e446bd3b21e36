import { execFile, execFileSync } from 'node:child_process';
import { lstatSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import type { InspectedLayer, Inspection, Report } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printLines } from '../src/inspection/print-lines.ts';
import {
  CAUSE,
  CodedError,
  FakeOutput,
  INSPECTED,
  INTERRUPTED,
  inspection,
  rawreel,
  type Stage,
} from './fakes.ts';

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

  it('lines of packets and a file · are refused together, rather than the file left out', async () => {
    for (const more of [['--html', 'report.html'], ['--csv', 'call.csv'], ['--frames']]) {
      const { exitCode, stdout, stderr } = await rawreel([...START, '--packets', ...more]);
      expect([exitCode, stdout]).toEqual([2, '']);
      expect(stderr).toMatch(`--packets and ${more[0]} do not go together`);
    }
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

  it('a picture that stood in a gap of the server’s · has its cause there', async () => {
    const [track] = inspection().tracks;
    const freezes = (list: readonly { fromMs: number; untilMs: number }[]) => ({
      freezes: { count: list.length, totalMs: 0, longestMs: 0, list },
    });
    const { userId, sessionId, ...ofCall } = CAUSE;
    const gap = {
      ...ofCall,
      cause: 'server-gap' as const,
      trackIds: ['t-cam'],
      times: [{ fromMs: 70_000, untilMs: 72_500 }],
    };
    const told = async (list: readonly { fromMs: number; untilMs: number }[]) => {
      const camera = { ...track, userId: 'alice', trackId: 't-cam', picture: freezes(list) };
      const tracks = [camera] as unknown as Inspection['tracks'];
      const { stdout } = await rawreel(START, { inspection: inspection({ tracks, causes: [gap] }) });
      return /\nalice {2}(.*)\n/.exec(stdout)?.[1];
    };
    const inGap = { fromMs: 70_100, untilMs: 80_000 };
    expect(await told([inGap])).toBe('nothing to remark');
    expect(await told([inGap, { fromMs: 90_000, untilMs: 91_000 }])).toBe(
      'picture stood for 1.0 s at 1:30; no cause was found',
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

  it('--verbose adds a line for each layer of a simulcasting camera, the largest first', async () => {
    const layer = (width: number, lost: number, sent: InspectedLayer['sent']) => ({
      ssrc: width,
      width,
      height: (width * 9) / 16,
      packets: { received: 1000 - lost, expected: 1000, lost },
      shown: 300,
      keyFrames: 3,
      meanFps: 15,
      meanKbps: width / 2,
      freezes: { count: 1, totalMs: 420, longestMs: 420 },
      sent,
    });
    const simulcast = [
      layer(320, 20, [{ fromMs: 0, untilMs: 151_000 }]),
      layer(640, 0, [
        { fromMs: 0, untilMs: 20_000 },
        { fromMs: 50_000, untilMs: 60_000 },
      ]),
    ];
    const track = {
      ...INSPECTED,
      kind: 'video',
      trackType: 'TRACK_TYPE_VIDEO',
      codec: 'vp8',
      sound: undefined,
      picture: { meanFps: 15, freezes: { count: 0, totalMs: 0, list: [] }, simulcast },
    };
    const tracks = [track] as unknown as Inspection['tracks'];
    const { stdout } = await rawreel([...START, '--verbose'], { inspection: inspection({ tracks }) });
    const [camera, large, small] = stdout.split('\n').filter((line) => /^bob +video|^ +\d+×/.test(line));
    expect(camera).toMatch(/^bob +video +vp8 +2969/);
    expect(large).toMatch(/^ +640×360 for 30 s +1000 +0 % +320 +15\.0 +420 ms \(1×\)$/);
    expect(small).toMatch(/^ +320×180 for 2:31 +980 +2\.0 % +160 +15\.0 +420 ms \(1×\)$/);
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
    expect(first).toBe('bob,s-bob,t-bob-mic,audio,false,0,50,0,0,32,2,21,0,,,,,-30,,');
    expect(second).toBe('bob,s-bob,t-bob-mic,audio,false,1,49,1,0,31.4,3,40,,,,,,,,');
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
    const same = await rawreel(['inspect', 'a/call.zip', 'b/call.zip']);
    expect(same.stdout).toMatch(/^ +a\/call\.zip +b\/call\.zip\n/);
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

  const PAGE = 's3://media/standup/report.html';
  const refusing: Stage = {
    inspection: inspection(),
    storage: {
      uploadFile: () =>
        Promise.reject(new CodedError('ERR_ACCESS_DENIED', `${PAGE}: access denied`, 'Ask for it.')),
    },
  };
  const keptIn = (text: string) => /It is kept on this machine: (.+?report\.html)$/m.exec(text)?.[1] ?? '';

  it('a page that the bucket refuses · fails, and is kept on this machine', async () => {
    const cache = ['--cache-dir', join(folder, 'cache')];
    const { exitCode, stdout, stderr } = await rawreel([...start, PAGE, ...cache], refusing);
    expect(exitCode).toBe(1);
    expect(stdout).toContain('1 file');
    expect(stdout).not.toContain('What happened in the call');
    expect(stderr).toContain(`the page was not uploaded: ${PAGE}: access denied\n  Ask for it.\n`);
    expect(keptIn(stderr)).toContain(join(folder, 'cache', 'not-uploaded-'));
    expect(readFileSync(keptIn(stderr), 'utf8')).toContain('sound impaired 1.4 % of the time bob spoke');
  });

  it('the same with --json · is a failure in the report', async () => {
    const { exitCode, stdout } = await rawreel([...start, PAGE, '--json'], refusing);
    const { files, failures } = JSON.parse(stdout) as Report;
    expect(exitCode).toBe(1);
    expect(files).toHaveLength(1);
    expect(failures).toMatchObject([{ path: PAGE, kind: 'page', code: 'ERR_ACCESS_DENIED' }]);
    const kept = keptIn(failures[0]?.hint ?? '');
    expect(readFileSync(kept, 'utf8')).toContain('<!doctype html>');
    rmSync(dirname(kept), { recursive: true });
  });

  it('an upload that was interrupted · leaves nothing here', async () => {
    const interruption = new AbortController();
    const cache = join(folder, 'interrupted');
    const { exitCode } = await rawreel([...start, PAGE, '--cache-dir', cache], {
      inspection: inspection(),
      interruption,
      storage: {
        uploadFile: () => {
          interruption.abort(INTERRUPTED);
          return Promise.reject(new CodedError('ERR_ABORTED', 'aborted'));
        },
      },
    });
    expect([exitCode, readdirSync(cache)]).toEqual([130, []]);
  });

  it('inspect --html · may lie in a bucket, too, and is kept where that refuses it', async () => {
    const uploaded: string[] = [];
    const made = await rawreel([...START, '--html', PAGE], {
      storage: {
        async uploadFile(_, address) {
          uploaded.push(address);
          return { etag: '"1"' };
        },
      },
    });
    expect([made.exitCode, uploaded]).toEqual([0, [PAGE]]);
    expect(made.stdout).toContain(`Written: ${PAGE}\n`);
    const cache = ['--cache-dir', join(folder, 'cache')];
    const refused = await rawreel([...START, '--html', PAGE, ...cache], refusing);
    expect(refused.exitCode).toBe(1);
    expect(readFileSync(keptIn(refused.stderr), 'utf8')).toContain('<!doctype html>');
    expect((await rawreel([...START, '--html', 's3://media/'])).exitCode).toBe(2);
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
