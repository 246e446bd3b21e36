import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { accessTo, accessToBuckets, runNode, SCRIPTS } from './support/run-script.ts';
import { asked, standIn } from './support/stand-in.ts';

const README = await readFile(join(import.meta.dirname, '..', 'README.md'), 'utf8');
const blocksOf = (language: string) =>
  [...README.matchAll(new RegExp(`^\`\`\`${language}\n(.*?)^\`\`\``, 'gms'))].map(([, block = '']) => block);

/** What is other each time. */
const withoutMoments = (text: string) =>
  text
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, '<time>')
    .replace(/\d{4}-\d\d-\d\d/g, '<day>')
    .replace(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, '<session>')
    .replace(/raw_\d+/g, 'raw_<time>')
    .replace(/for \d+ s\.$/gm, 'for <seconds> s.');

const seed = { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] };

/** JavaScript as somebody types it who has the packages. */
const runJavaScript = (code: string, env: Readonly<Record<string, string>>) =>
  runNode(['--input-type=module', '--eval', code], env);

describe('the README', () => {
  let server: S3Server;
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'rawreel-examples-'));
    server = await startS3Server();
    await signedFetch(server, 'PUT', '/our-calls');
  });
  afterAll(async () => {
    await server?.stop();
    await rm(folder, { recursive: true, force: true });
  });

  test('shows the commands, and the output that they have', async () => {
    const api = await standIn({ seed });
    const env = {
      ...accessTo(api),
      ...accessToBuckets(server, folder),
    };
    const shown = blocksOf('console').join('');
    const commands = [...shown.matchAll(/^\$ node (.*)$/gm)].map(([, command = '']) => command);
    let seen = '';
    for (const command of commands) {
      const [recording] = api.state.calls.get('default:standup')?.recordings ?? [];
      const day = new Date(recording?.startedAt ?? 0).toISOString().slice(0, 10);
      const args = command
        .replace(/(?<=--day )\S+/, day)
        .replace(/(?<=--seconds )\d+/, '0')
        .split(' ');
      const { exitCode, stdout, stderr } = await runNode(args, env);
      expect({ exitCode, stderr }, command).toEqual({ exitCode: 0, stderr: '' });
      seen += `$ node ${command}\n${stdout}`;
    }
    expect(withoutMoments(seen)).toBe(withoutMoments(shown));
    for (const name of SCRIPTS) expect(shown).toContain(`$ node examples/${name}.ts `);
  });

  test.each(blocksOf('js').map((block, index) => [index + 1, block] as const))(
    'has JavaScript that records: block %i',
    async (_, block) => {
      const api = await standIn({ seed });
      const { exitCode, stdout, stderr } = await runJavaScript(block, accessTo(api));
      expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
      const [recording, ...others] = api.state.calls.get('default:standup')?.recordings ?? [];
      expect(recording).toMatchObject({ type: 'raw', phase: 'ready' });
      expect(others).toEqual([]);
      expect(stdout).toContain(recording?.filename);
    },
  );

  test('is right in warning of the string form: it asks for a recording of the type undefined', async () => {
    const [, bare = ''] = blocksOf('js');
    const api = await standIn({ seed });
    const { exitCode } = await runJavaScript(
      bare.replace("{ recording_type: 'raw' }", "'raw'"),
      accessTo(api),
    );
    expect(exitCode).toBe(1);
    expect(api.requests.map(({ path }) => path)).toEqual([
      '/api/v2/video/call/default/standup/recordings/undefined/start',
    ]);
    expect(asked(api)).toEqual([undefined]);
  });

  test.each(SCRIPTS)('is not needed to run %s: --help says how, without credentials', async (name) => {
    const { exitCode, stdout, stderr } = await runNode([`examples/${name}.ts`, '--help'], {});
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`  node examples/${name}.ts `);
  });
});
