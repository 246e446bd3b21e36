import { describe, expect, it } from 'vitest';
import { CodedError, LISTED, rawreel, START, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

const ask = (line: string, stage: Stage = {}) => rawreel(line.split(' '), { ...SIGNED_IN, ...stage });

describe('which recordings', () => {
  const at = (minute: number, facts: object) => ({
    ...LISTED,
    startTime: new Date(START + minute * 60_000),
    endTime: new Date(START + minute * 60_000 + 30_000),
    ...facts,
  });
  const recordings = [
    at(0, { session: 's-1', filename: 'one.zip' }),
    at(5, { session: 's-1', filename: 'two.zip' }),
    at(9, { session: 's-2', filename: 'one.zip' }),
  ];
  const control = { list: async () => recordings };
  const deleted = async (choice: string, stage: Stage = {}) => {
    const { stdout } = await ask(`recording delete default:standup --yes --json ${choice}`, {
      control,
      ...stage,
    });
    return JSON.parse(stdout);
  };
  const names = async (choice: string) =>
    (await deleted(choice)).map(({ session, filename }: typeof LISTED) => `${session} ${filename}`);

  it('are chosen by --latest, --all, --session and --filename', async () => {
    expect(await names('--latest')).toEqual(['s-2 one.zip']);
    expect(await names('--all')).toHaveLength(3);
    expect(await names('--session s-1')).toEqual(['s-1 one.zip', 's-1 two.zip']);
    expect(await names('--filename two.zip')).toEqual(['s-1 two.zip']);
    expect(await names('--filename one.zip --session s-2')).toEqual(['s-2 one.zip']);
  });

  it('that two sessions share a name are not guessed at', async () => {
    expect((await deleted('--filename one.zip')).error).toMatchObject({ code: 'ERR_AMBIGUOUS_RECORDING' });
  });

  it('that are not there are an error with the closest name', async () => {
    expect((await deleted('--filename tow.zip')).error).toEqual({
      code: 'ERR_NO_SUCH_RECORDING',
      message: 'no raw recording of default:standup has the name "tow.zip"',
      hint: 'Did you mean "two.zip"?\nList all: rawreel recording list default:standup',
    });
    expect((await deleted('--all', { control: { list: async () => [] } })).error.message).toBe(
      'no raw recording of default:standup is ready',
    );
  });

  it('two sessions with one file name are downloaded into a folder each', async () => {
    const { stdout } = await ask('recording download default:standup --all --output calls', { control });
    expect(stdout).toBe(
      [
        '3 recordings in calls/ (3.9 MB)',
        '  1.3 MB  calls/s-1/one.zip',
        '  1.3 MB  calls/two.zip',
        '  1.3 MB  calls/s-2/one.zip\n',
      ].join('\n'),
    );
  });

  it.each(['..', '../up.zip', '/etc/passwd', 'a\\b', ''])(
    'a name of "%s" leads nowhere',
    async (filename) => {
      const { exitCode, stderr, told } = await ask(
        'recording download default:standup --latest --output calls',
        {
          control: { list: async () => [{ ...LISTED, filename }] },
        },
      );
      expect([exitCode, told.downloaded]).toEqual([1, undefined]);
      expect(stderr).toContain('is not a safe file name');
    },
  );
});

describe('deleting', () => {
  const LINE = 'recording delete default:standup --latest';

  it('asks on a terminal, and takes only a yes for one', async () => {
    const yes = await ask(LINE, { typed: ['y'], stderrColumns: 80 });
    expect([yes.exitCode, yes.stdout]).toEqual([
      0,
      'Deleted 1 recording of default:standup\n  standup.zip\n',
    ]);
    expect(yes.stderr).toContain('Delete 1 recording of default:standup for good? [y/N]');
    for (const answer of ['', 'n', 'ja']) {
      const { exitCode, stdout, stderr } = await ask(LINE, { typed: [answer], stderrColumns: 80 });
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toContain('nothing was deleted');
    }
  });

  it('Ctrl-C at the question is an interruption, and deletes nothing', async () => {
    const { exitCode, stdout, stderr } = await ask(LINE, { typed: ['\u0003'], stderrColumns: 80 });
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(stderr).toContain('interrupted; nothing was done');
  });

  it('goes on after one that fails, and says so', async () => {
    const control = {
      list: async () => [LISTED, { ...LISTED, filename: 'other.zip' }],
      delete: async (_call: object, { filename }: { filename: string }) => {
        if (filename === 'other.zip') return { state: 'notThere' as const };
        throw new CodedError('ERR_NOT_PERMITTED', 'standup.zip cannot be deleted', 'Ask somebody.');
      },
    };
    const line = 'recording delete default:standup --all --yes';
    const { exitCode, stdout, stderr } = await ask(line, { control });
    expect(exitCode).toBe(1);
    expect(stdout).toBe('Deleted 1 of 2 recordings of default:standup\n  other.zip (already deleted)\n');
    expect(stderr).toBe('rawreel: standup.zip cannot be deleted\n  Ask somebody.\n');
    const json = await ask(`${line} --json`, { control });
    expect(JSON.parse(json.stdout)).toEqual([
      {
        session: 's-1',
        filename: 'standup.zip',
        state: 'failed',
        error: { code: 'ERR_NOT_PERMITTED', message: 'standup.zip cannot be deleted', hint: 'Ask somebody.' },
      },
      { session: 's-1', filename: 'other.zip', state: 'notThere' },
    ]);
  });
});
