import type { RecordingControl } from '@rawreel/recording-control';
import { describe, expect, it } from 'vitest';
import { CodedError, INTERRUPTED, LISTED, rawreel, report, START, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

const ask = (line: string, stage: Stage = {}) => rawreel(line.split(' '), { ...SIGNED_IN, ...stage });

describe('watching', () => {
  const LINE = 'recording watch default:standup --output out';

  /** Not yet when it is looked at first, then running, then no more. */
  const runsOnce = (): RecordingControl['status'] => {
    const states = ['notRunning', 'starting', 'running'] as const;
    let looks = 0;
    return async (call) => ({
      call,
      state: states[looks++] ?? 'notRunning',
      isBackstage: false,
      isEncrypted: false,
      session: 's-1',
      settings: { mode: 'available', audioOnly: false },
      seenAt: new Date(START),
    });
  };

  it('one that has run between two looks has ended', async () => {
    const states = ['notRunning', 'starting'] as const;
    let looks = 0;
    const status: RecordingControl['status'] = async (call) => ({
      ...(await runsOnce()(call)),
      state: states[looks++] ?? 'notRunning',
    });
    const { exitCode, stderr } = await ask(LINE, { control: { status } });
    expect([exitCode, looks]).toEqual([0, 3]);
    expect(stderr).toContain('The recording has ended. Waiting until it is ready.');
  });

  it('one that is never seen running is stopped, and told', async () => {
    let looks = 0;
    const asked: string[] = [];
    const status: RecordingControl['status'] = async (call) => ({
      ...(await runsOnce()(call)),
      seenAt: new Date(START + 60_000 * looks++),
    });
    const stop: RecordingControl['stop'] = async () => {
      asked.push('stop');
      return { state: 'notRunning', endedSince: undefined };
    };
    const { exitCode, stderr } = await ask(LINE, { control: { status, stop } });
    expect([exitCode, asked]).toEqual([1, ['stop']]);
    expect(stderr).toContain('default:standup was asked to be recorded, but no recording started');
  });

  it('goes on by itself when the recording has ended', async () => {
    const { exitCode, stdout, stderr } = await ask(LINE, { control: { status: runsOnce() } });
    expect(exitCode).toBe(0);
    expect(stderr).toMatch(/^Recording default:standup\. Press Ctrl-C to stop/);
    expect(stderr).toContain('The recording has ended. Waiting until it is ready.');
    expect(stdout).toContain('1 file in out/');
  });

  it('on a terminal · shows how long it has watched, and with --no-progress does not', async () => {
    const stage = { stderrColumns: 80, control: { status: runsOnce() } };
    expect((await ask(LINE, stage)).stderr).toContain('Watched for 0:0');
    const still = await ask(`${LINE} --no-progress`, { ...stage, control: { status: runsOnce() } });
    expect([still.exitCode, still.stderr]).toEqual([0, expect.not.stringContaining('Watched')]);
    expect(still.stderr).toContain('The recording has ended.');
  });

  it('files that another recording has left in the way · are told with what makes these elsewhere', async () => {
    const message = 'out/alice.mkv is there already, and is of another recording';
    const failure = {
      path: 'alice.mkv',
      kind: 'audio',
      code: 'ERR_OUTPUT_EXISTS',
      message,
      hint: '--name',
    } as const;
    const { exitCode, stdout } = await ask(`${LINE} --name short`, {
      control: { status: runsOnce() },
      report: report({ failures: [failure] }),
    });
    expect(exitCode).toBe(1);
    expect(stdout).toContain(
      'It was not touched. Make the files elsewhere: rawreel recording download default:standup --session s-1 --filename standup.zip --process --output <another folder>\n',
    );
    expect(stdout).not.toContain('--name');
  });

  /** Recorded until somebody interrupts. */
  const interrupted = (reason: object, more: Stage['control'] = {}) => {
    const interruption = new AbortController();
    const asked: string[] = [];
    const control: Stage['control'] = {
      status: async (call) => {
        interruption.abort(reason);
        return {
          call,
          state: 'running',
          isBackstage: false,
          isEncrypted: false,
          seenAt: new Date(START),
          session: 's-1',
          settings: { mode: 'available', audioOnly: false },
        };
      },
      stop: async () => {
        asked.push('stop');
        return { state: 'stopped', endedSince: new Date(START) };
      },
      ...more,
    };
    return ask(LINE, { interruption, control }).then((outcome) => ({ ...outcome, asked }));
  };

  it('the first Ctrl-C stops the recording, and the files are made all the same', async () => {
    const { exitCode, stdout, stderr, asked, told } = await interrupted(INTERRUPTED);
    expect([exitCode, asked]).toEqual([0, ['stop']]);
    expect(stderr).toContain('Stopped. Waiting until the recording is ready.');
    expect(stdout).toContain('1 file in out/');
    expect(told.ran?.signal?.aborted).toBe(false);
  });

  it('what fails after it is told as what it is', async () => {
    const { exitCode, stderr } = await interrupted(INTERRUPTED, {
      waitUntilReady: () => Promise.reject(new CodedError('ERR_UNREACHABLE', 'no network', 'Check it.')),
    });
    expect(exitCode).toBe(1);
    expect(stderr).toContain('rawreel: no network\n  Check it.\n');
  });

  it('a termination leaves at once, and says that the recording runs on', async () => {
    const { exitCode, stderr, asked } = await interrupted({ signalName: 'SIGTERM', exitCode: 143 });
    expect([exitCode, asked]).toEqual([143, []]);
    expect(stderr).toContain('default:standup is still being recorded');
    expect(stderr).toContain('rawreel recording stop default:standup');
  });

  it('one that runs already is followed, and told from those listed before', async () => {
    const waited: unknown[] = [];
    const { stderr } = await ask(LINE, {
      control: {
        status: runsOnce(),
        start: async () => ({ state: 'alreadyRunning', since: undefined }),
        waitUntilReady: async (_call, options) => {
          waited.push(options);
          return { ...LISTED, isInferred: true };
        },
      },
    });
    expect(stderr).toMatch(/^Already recording default:standup\./);
    expect(waited).toMatchObject([{ taken: [{ filename: 'standup.zip' }], endedSince: new Date(START) }]);
  });
});
