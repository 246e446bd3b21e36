import type { StreamApi } from '@rawreel/stream-api';
import { describe, expect, test } from 'vitest';
import { accessTo, runScript } from './support/run-script.ts';
import { asked, standIn } from './support/stand-in.ts';

function rawRecordingOf(api: StreamApi, callType: string) {
  const { raw_recording: settings } = api.state.callTypes.get(callType)?.settings ?? {};
  return settings;
}

describe('set-mode', () => {
  test('makes a call type of voices audio-only, keeps its mode, and has nothing to do the second time', async () => {
    const api = await standIn({
      seed: { callTypes: [{ name: 'voices', settings: { raw_recording: { mode: 'auto-on' } } }] },
    });
    const first = await runScript('set-mode', ['--audio-only', 'voices'], accessTo(api));
    expect(first).toEqual({
      exitCode: 0,
      stdout: `  call type voices
-   raw_recording.audio_only: false
+   raw_recording.audio_only: true
1 changed, 0 as wished already, 0 failed
`,
      stderr: '',
    });
    expect(rawRecordingOf(api, 'voices')).toEqual({ mode: 'auto-on', audio_only: true });
    const second = await runScript('set-mode', ['--audio-only', 'voices'], accessTo(api));
    expect(second.stdout).toBe('0 changed, 1 as wished already, 0 failed\n');
    const back = await runScript(
      'set-mode',
      ['--no-audio-only', '--mode', 'available', 'voices'],
      accessTo(api),
    );
    expect(back.exitCode).toBe(0);
    expect(rawRecordingOf(api, 'voices')).toEqual({ mode: 'available', audio_only: false });
  });

  test('shows what would change in a dry run, and changes nothing', async () => {
    const api = await standIn();
    const { exitCode, stdout } = await runScript(
      'set-mode',
      ['--mode', 'disabled', '--all', '--dry-run'],
      accessTo(api),
    );
    expect(exitCode).toBe(0);
    expect(stdout.match(/^\+ {3}raw_recording\.mode: disabled$/gm)).toHaveLength(4);
    expect(stdout).toMatch(/^4 would change, 0 as wished already, 0 failed$/m);
    expect(asked(api)).not.toContain('UpdateCallType');
    expect(rawRecordingOf(api, 'default')).toEqual({ mode: 'available', audio_only: false });
  });

  test('switches every call type with --all', async () => {
    const api = await standIn();
    const { exitCode } = await runScript('set-mode', ['--mode', 'auto-on', '--all'], accessTo(api));
    expect(exitCode).toBe(0);
    for (const name of api.state.callTypes.keys())
      expect(rawRecordingOf(api, name)).toEqual({ mode: 'auto-on', audio_only: false });
  });

  test('sets the others where one does not exist, and says so by its exit status', async () => {
    const api = await standIn();
    const args = ['--mode', 'disabled', 'defualt', 'livestream'];
    const { exitCode, stdout, stderr } = await runScript('set-mode', args, accessTo(api));
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(/^call type defualt failed: .*does not exist/);
    expect(stdout).toMatch(/^1 changed, 0 as wished already, 1 failed$/m);
    expect(rawRecordingOf(api, 'livestream')).toMatchObject({ mode: 'disabled' });
  });

  test.each([
    ['no change', ['default']],
    ['a mode that there is not', ['--mode', 'on', 'default']],
    ['no call type', ['--mode', 'disabled']],
    ['call types and all of them', ['--mode', 'disabled', '--all', 'default']],
    ['an option that there is not', ['--mode', 'disabled', '--dryrun', 'default']],
  ])('refuses %s before anything is asked', async (_, args) => {
    const api = await standIn();
    const { exitCode, stdout, stderr } = await runScript('set-mode', args, accessTo(api));
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr).not.toContain('    at ');
    expect(api.requests).toEqual([]);
  });
});
