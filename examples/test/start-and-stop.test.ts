import type { ChildProcess } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { accessTo, runScript } from './support/run-script.ts';
import { asked, standIn } from './support/stand-in.ts';

const STANDUP = { type: 'default', id: 'standup', participants: ['ann'] };
const seed = { calls: [STANDUP] };

/** What it says first is that it records. */
const whenItRecords = (signal: NodeJS.Signals) => (child: ChildProcess) =>
  child.stdout?.once('data', () => child.kill(signal));

describe('start-and-stop', () => {
  test('records, stops, waits, and shows until when the link works but not the link', async () => {
    const api = await standIn({ seed, urlLifetimeMs: 3_600_000 });
    const before = Date.now();
    const { exitCode, stdout, stderr } = await runScript(
      'start-and-stop',
      ['default:standup', '--seconds', '0'],
      accessTo(api),
    );
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const [recording] = api.state.calls.get('default:standup')?.recordings ?? [];
    expect(stdout).toContain(`Ready: ${recording?.filename}\n  session  ${recording?.sessionId}\n`);
    const [, until = ''] = /link {5}works until (\S+)/.exec(stdout) ?? [];
    // Signed links tell whole seconds.
    expect(Date.parse(until)).toBeGreaterThan(before + 3_600_000 - 1000);
    expect(stdout).not.toMatch(/https?:|signature/i);
    expect(asked(api).filter((name) => name === 'StartRecording')).toHaveLength(1);
  });

  test('stops sooner on Ctrl-C, and waits all the same', async () => {
    const api = await standIn({ seed });
    const { exitCode, stdout } = await runScript(
      'start-and-stop',
      ['default:standup', '--seconds', '600'],
      accessTo(api),
      whenItRecords('SIGINT'),
    );
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Stopped\.\nReady: /);
  });

  test("leaves somebody else's recording running", async () => {
    const api = await standIn({ seed });
    await runScript(
      'start-and-stop',
      ['default:standup', '--seconds', '600'],
      accessTo(api),
      whenItRecords('SIGKILL'),
    );
    const { exitCode, stderr } = await runScript('start-and-stop', ['default:standup'], accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/is being recorded already/);
    expect(asked(api)).not.toContain('StopRecording');
  });

  test('gives up on a recording that does not become ready', async () => {
    const api = await standIn({ seed });
    api.fault({ operation: 'StopRecording', fault: { kind: 'recordingFails' } });
    const args = ['default:standup', '--seconds', '0', '--ready-within', '1'];
    const { exitCode, stderr } = await runScript('start-and-stop', args, accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toBe('It is not ready after 1 s. A recording that failed is never listed.\n');
  });

  test('says which setting rules raw recording out', async () => {
    const data = { settings_override: { raw_recording: { mode: 'disabled' as const } } };
    const api = await standIn({ seed: { calls: [{ ...STANDUP, data }] } });
    const { exitCode, stderr } = await runScript('start-and-stop', ['default:standup'], accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/switched off by settings\.raw_recording\.mode/);
  });

  test.each([[[]], [['default:standup', 'default:retro']], [['default:standup', '--seconds', '-1']]])(
    'refuses the arguments %j',
    async (args) => {
      const api = await standIn({ seed });
      expect(await runScript('start-and-stop', args, accessTo(api))).toMatchObject({
        exitCode: 2,
        stdout: '',
      });
      expect(api.requests).toEqual([]);
    },
  );
});
