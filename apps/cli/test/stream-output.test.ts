import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { timeLeft } from '../src/stream/recording-table.ts';
import { CodedError, LISTED, rawreel, report, START, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

const ask = (line: string, stage: Stage = {}) => rawreel(line.split(' '), { ...SIGNED_IN, ...stage });

describe('what is said', () => {
  it.each([
    [
      'recording start default:standup',
      /^Recording of default:standup started\n.*--since 2026-11-20T09:30:00Z$/m,
    ],
    [
      'recording stop default:standup',
      /^Recording of default:standup stopped\n {2}Until it is ready: rawreel recording wait default:standup --ended-since 2026-11-20T09:31:00Z\n$/,
    ],
    [
      'recording status default:standup',
      /^default:standup is not being recorded\n {2}mode available, sound and pictures · not in a backstage · session s-1\n$/,
    ],
    ['recording go-live default:standup', /^default:standup is live, and its recording has started\n$/],
    ['recording stop-live default:standup', /^default:standup is back in its backstage\n$/],
    ['settings get --call-type default', /^CALL OR TYPE +MODE +AUDIO ONLY\ndefault +available +no\n$/],
    ['grants get --call-type default', /^ROLE.*\nhost +start-raw-record-call\nguest +nothing\n$/],
    ['storage list', /^No storages of your own\n$/],
    ['storage assign archive --call-type default', /now go to archive \(before: Stream's own storage/],
  ])('%s', async (line, says) => {
    const { exitCode, stdout, stderr } = await ask(line);
    expect([exitCode, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(says);
  });

  it('states are said, and are no errors', async () => {
    const control = {
      start: async () => ({ state: 'alreadyRunning' as const, since: undefined }),
      stop: async () => ({ state: 'notRunning' as const, endedSince: undefined }),
    };
    const started = await ask('recording start default:standup', { control });
    expect([started.exitCode, started.stdout]).toEqual([0, 'default:standup is being recorded already\n']);
    const stopped = await ask('recording stop default:standup --json', { control });
    expect([stopped.exitCode, JSON.parse(stopped.stdout)]).toEqual([0, { state: 'notRunning' }]);
  });

  it('an error of Stream is one line, and a line with what to do', async () => {
    const control = {
      start: () => Promise.reject(new CodedError('ERR_RECORDING_DISABLED', 'it is off', 'Set the mode.')),
    };
    const { exitCode, stderr } = await ask('recording start default:standup', { control });
    expect([exitCode, stderr]).toEqual([1, 'rawreel: it is off\n  Set the mode.\n']);
  });

  it('a listing of everything has a column for the type, and a narrow one names what it lacks', async () => {
    const { stdout, stderr } = await ask('recording list default:standup --type all', { stdoutColumns: 50 });
    const titles = stripVTControlCharacters(stdout).split('\n').slice(2, 4);
    expect(titles).toEqual(['SESSION', ' FILENAME     TYPE  LENGTH  LINK']);
    expect(stderr).toBe('Hidden columns (use a wider terminal or --json): STARTED\n');
  });

  it('a listing is never wider than the terminal, and says how long each link holds', async () => {
    const entry = {
      ...LISTED,
      session: '36be5ea6-b09f-41ae-a142-c7d8a69d9934',
      filename: 'rec_default_standup_raw_1795736010199.zip',
    };
    const control = { list: async () => [entry, { ...entry, filename: 'b.zip' }] };
    for (let columns = 50; columns <= 160; columns++) {
      const { stdout } = await ask('recording list default:standup', { stdoutColumns: columns, control });
      const lines = stripVTControlCharacters(stdout).split('\n');
      expect(Math.max(...lines.map(({ length }) => length))).toBeLessThanOrEqual(columns);
      if (columns >= 66) expect(stdout).toContain('LINK');
      for (const id of [entry.session, entry.filename]) expect(stdout).toContain(id);
    }
  });

  it.each([
    [undefined, '-'],
    [-1, 'expired'],
    [0, 'expired'],
    [59_000, 'less than a minute left'],
    [119_000, '1 min left'],
    [47.9 * 3_600_000, '47 h left'],
    [13.99 * 86_400_000, '13 days left'],
  ])('a link that holds %s ms longer: %s', (left, says) => {
    const now = START;
    expect(timeLeft(left === undefined ? undefined : new Date(now + left), now)).toBe(says);
  });
});

describe('making media of a recording at Stream', () => {
  const LINE = 'recording download default:standup --latest --process --output out';

  it('reads it behind its link, through the cache, and makes what process-all makes', async () => {
    const { exitCode, stdout, told } = await ask(`${LINE} --cache-dir /tmp/rawreel-test-cache`, {
      transferred: 1_200_000,
    });
    expect(exitCode).toBe(0);
    expect(told.opened?.path).toBe(LISTED.url);
    expect(told.opened?.options?.remote).toMatchObject({
      cacheFolder: '/tmp/rawreel-test-cache',
      keep: true,
    });
    expect(told.request).toEqual({
      outputs: ['audio', 'video', 'muxed', 'mix'],
      gaps: 'fill',
      dtx: 'fill',
      align: 'track',
    });
    expect(told.ran).toMatchObject({ output: 'out', resume: 'keep' });
    expect(stdout).toContain('1 file in out/');
  });

  it('--no-mix leaves the mix out; damage is exit 3, a missing file 1', async () => {
    const { told } = await ask(`${LINE} --no-mix`);
    expect(told.request?.outputs).toEqual(['audio', 'video', 'muxed']);
    expect((await ask(LINE, { report: report({ damaged: true }) })).exitCode).toBe(3);
    expect((await ask(`${LINE} --accept-damage`, { report: report({ damaged: true }) })).exitCode).toBe(0);
    expect((await ask(LINE, { report: report({ files: [] }) })).exitCode).toBe(1);
  });

  it('--json has each recording, without the link that opens it, and its report', async () => {
    const control = { list: async () => [LISTED, { ...LISTED, filename: 'other.zip' }] };
    const { stdout } = await ask(`${LINE.replace('latest', 'all')} --json`, { control });
    const all = JSON.parse(stdout);
    expect(all.map(({ recording }: { recording: typeof LISTED }) => recording.filename)).toEqual([
      'standup.zip',
      'other.zip',
    ]);
    expect(all[0].report.files).toHaveLength(1);
    expect(stdout).not.toContain('5ec7e7');
  });
});
