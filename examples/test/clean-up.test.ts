import type { StreamApi } from '@rawreel/stream-api';
import { describe, expect, test } from 'vitest';
import { accessTo, runScript } from './support/run-script.ts';
import { asked, standIn } from './support/stand-in.ts';

const HOUR = 3_600_000;
const hoursAgo = (hours: number) => new Date(Date.now() - hours * HOUR);

const recording = (filename: string, endedHoursAgo: number, type: 'raw' | 'composite' = 'raw') => ({
  type,
  filename,
  startedAt: hoursAgo(endedHoursAgo + 1),
  stoppedAt: hoursAgo(endedHoursAgo),
});

const filenamesOf = (api: StreamApi) =>
  [...api.state.calls.values()].flatMap(({ recordings }) => recordings.map(({ filename }) => filename));

const withRecordings = (...names: string[]) =>
  standIn({
    seed: {
      calls: [
        {
          type: 'default',
          id: 'standup',
          recordings: [
            recording('old.zip', 49),
            recording('old.mp4', 49, 'composite'),
            // Began more than two days ago, and ended since.
            recording('long.zip', 47.5),
            recording('young.zip', 3),
            ...names.map((name) => recording(name, 72)),
          ],
        },
        { type: 'default', id: 'retro', recordings: [recording('retro.zip', 72)] },
      ],
    },
  });

const CALLS = ['default:standup', 'default:retro'];

describe('clean-up', () => {
  test('without --yes shows what is older, and deletes nothing', async () => {
    const api = await withRecordings();
    const { exitCode, stdout } = await runScript('clean-up', ['--older-than', '2', ...CALLS], accessTo(api));
    expect(exitCode).toBe(0);
    expect(stdout.match(/^would be deleted {2}.*$/gm)).toEqual([
      expect.stringMatching(/ old\.zip$/),
      expect.stringMatching(/ retro\.zip$/),
    ]);
    expect(stdout).toMatch(/^Ended before .*: 2\nNothing was deleted: --yes does it\.\n$/m);
    expect(asked(api)).not.toContain('DeleteRecording');
  });

  test('with --yes deletes raw recordings that ended earlier, and nothing else', async () => {
    const api = await withRecordings();
    const args = ['--older-than', '2', '--yes', ...CALLS, 'default:standup'];
    const { exitCode, stdout } = await runScript('clean-up', args, accessTo(api));
    expect(exitCode).toBe(0);
    expect(stdout.match(/^deleted /gm)).toHaveLength(2);
    expect(filenamesOf(api)).toEqual(['old.mp4', 'long.zip', 'young.zip']);
  });

  test('deletes nothing where a call does not exist', async () => {
    const api = await withRecordings();
    const args = ['--older-than', '2', '--yes', 'default:standup', 'default:rerto'];
    const { exitCode, stderr } = await runScript('clean-up', args, accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/default:rerto cannot be listed: it does not exist/);
    expect(asked(api)).not.toContain('DeleteRecording');
  });

  test('deletes the others where one cannot be deleted, and says so by its exit status', async () => {
    const api = await withRecordings('a#b.zip');
    const args = ['--older-than', '2', '--yes', ...CALLS];
    const { exitCode, stdout, stderr } = await runScript('clean-up', args, accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/"a#b\.zip" holds \? or #/);
    expect(stdout).toMatch(/^Ended before .*: 3; failed: 1$/m);
    expect(filenamesOf(api)).toEqual(['old.mp4', 'long.zip', 'young.zip', 'a#b.zip']);
  });

  test.each([
    [['default:standup']],
    [['--older-than', '', ...CALLS]],
    [['--older-than', '-1', ...CALLS]],
    [['--older-than', '14']],
  ])('refuses the arguments %j', async (args) => {
    const api = await withRecordings();
    expect(await runScript('clean-up', [...args, '--yes'], accessTo(api))).toMatchObject({
      exitCode: 2,
      stdout: '',
    });
    expect(api.requests).toEqual([]);
  });
});
