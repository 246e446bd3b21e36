import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type GeneratedCall, generateCall } from '@rawreel/fixtures';
import { presignedUrl, type S3Server, signedFetch, startS3Server } from '@rawreel/s3-server';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { serveLink } from '../src/awkward-link.ts';
import { rawreel, type SaidFile, temporaryFolder } from '../src/rawreel.ts';

const WORKFLOWS = join(import.meta.dirname, '..', 'workflows');
const PROGRAMS = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin');

const BUCKET = 'recordings';
const COMMANDS: readonly (readonly string[])[] = [
  ['extract-audio'],
  ['extract-video'],
  ['mux-av'],
  ['mix-audio', '--format', 'flac'],
  ['process-all'],
];

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let server: S3Server;
let call: GeneratedCall;
let folders = 0;

const newFolder = (): string => join(room.path, `folder-${folders++}`);
const archive = (ending: string): string => join(room.path, `call.${ending}`);

beforeAll(async () => {
  room = await temporaryFolder();
  server = await startS3Server();
  Object.assign(process.env, {
    AWS_ACCESS_KEY_ID: server.accessKeyId,
    AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
    AWS_REGION: server.region,
    AWS_ENDPOINT_URL_S3: server.endpoint,
    XDG_CACHE_HOME: join(room.path, 'xdg'),
  });
  call = await generateCall({
    seed: 'remote',
    users: ['alice', 'bob'].map((id) => ({
      id,
      sessions: [
        {
          tracks: [
            { kind: 'audio', segments: [{ startMs: 300, durationMs: 6000 }] },
            {
              kind: 'video',
              codec: 'vp8',
              width: 320,
              height: 192,
              segments: [{ startMs: 420, durationMs: 5000 }],
            },
          ],
        },
      ],
    })),
  });
  await Promise.all(['zip', 'tar.gz'].map((ending) => call.writeArchive(archive(ending))));
  await signedFetch(server, 'PUT', `/${BUCKET}`);
  for (const ending of ['zip', 'tar.gz']) {
    const body = await readFile(archive(ending));
    await signedFetch(server, 'PUT', `/${BUCKET}/a call.${ending}`, { body: new Uint8Array(body) });
  }
});
afterAll(async () => {
  await server?.stop();
  await room[Symbol.asyncDispose]();
});

const inBucket = (ending: string): string => `s3://${BUCKET}/a call.${ending}`;
const signed = (ending: string): string => presignedUrl(server, `/${BUCKET}/a call.${ending}`);

const manifestOf = (folder: string): readonly SaidFile[] =>
  (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: SaidFile[] }).files;

/** What the manifest says that does not depend on where the recording lay, and that the folder holds just that. */
function madeIn(folder: string): unknown[] {
  const files = manifestOf(folder);
  expect(readdirSync(folder).sort()).toEqual([...files.map(({ path }) => path), 'manifest.json'].sort());
  return files.map(({ path, sha256, byteLength }) => ({ path, sha256, byteLength }));
}

async function made(command: readonly string[], ...input: string[]): Promise<unknown[]> {
  const folder = newFolder();
  const { exitCode, stderr } = await rawreel([...command, ...input, '--output', folder, '--quiet']);
  expect([exitCode, stderr]).toEqual([0, '']);
  return madeIn(folder);
}

function run(script: string, ...args: string[]): Promise<{ readonly stderr: string }> {
  const { PATH = '' } = process.env;
  return promisify(execFile)(join(WORKFLOWS, script), args, {
    env: { ...process.env, PATH: PROGRAMS + delimiter + PATH },
  });
}

describe('a recording in a bucket', () => {
  it.each(COMMANDS.map((command) => ({ name: command[0], command })))(
    '$name · makes the same from s3://, from a signed link, and from the file',
    async ({ command }) => {
      const fromFile = await made(command, '--input-file', archive('zip'));
      expect(fromFile.length).toBeGreaterThan(0);
      expect(await made(command, '--input-s3', inBucket('zip'))).toEqual(fromFile);
      expect(await made(command, '--input-s3', signed('zip'))).toEqual(fromFile);
    },
  );

  it('tar.gz · the same', async () => {
    const fromFile = await made(['process-all'], '--input-file', archive('tar.gz'));
    expect(await made(['process-all'], '--input-s3', inBucket('tar.gz'))).toEqual(fromFile);
    expect(await made(['process-all'], '--input-s3', signed('tar.gz'), '--no-cache')).toEqual(fromFile);
  });

  it.each(['zip', 'tar.gz'])('list-tracks · says the same of a %s', async (ending) => {
    const list = async (...input: string[]) =>
      JSON.parse((await rawreel(['list-tracks', '--format', 'json', ...input])).stdout) as {
        tracks: unknown;
      };
    const { tracks } = await list('--input-file', archive(ending));
    expect((await list('--input-s3', inBucket(ending))).tracks).toEqual(tracks);
    expect((await list('--input-s3', signed(ending))).tracks).toEqual(tracks);
  });

  it.each([
    ['a bucket', inBucket],
    ['a signed link', signed],
  ])('the documented loop over %s · reads everything once', async (_, address) => {
    await rm(join(room.path, 'xdg'), { recursive: true, force: true });
    const output = newFolder();
    const { stderr } = await run('from-bucket.sh', address('zip'), output);
    expect(stderr).toMatch(/read over the network/);
    const fromFile = newFolder();
    await run('everybodys-audio.sh', archive('zip'), fromFile);
    expect(madeIn(output)).toEqual(madeIn(fromFile));
    const again = await rawreel([
      'extract-audio',
      '--input-s3',
      address('zip'),
      '--output',
      newFolder(),
      '--json',
    ]);
    expect(JSON.parse(again.stdout)).toMatchObject({ transferred: 0 });
  });

  it.each([
    [
      'expired link',
      () => presignedUrl(server, `/${BUCKET}/a call.zip`, { at: new Date(Date.now() - 3_600_000) }),
      'ERR_LINK_EXPIRED',
    ],
    ['no such object', () => `s3://${BUCKET}/none.zip`, 'ERR_OBJECT_NOT_FOUND'],
    ['no such bucket', () => 's3://none/call.zip', 'ERR_OBJECT_NOT_FOUND'],
    ['gs://', () => 'gs://recordings/call.zip', 'ERR_ADDRESS'],
  ])('%s · says so, exits 1 and leaves nothing', async (_, address, code) => {
    const [output, cache] = [newFolder(), newFolder()];
    const args = ['process-all', '--input-s3', address(), '--output', output, '--cache-dir', cache];
    const said = await rawreel([...args, '--json', '--verbose']);
    expect(said.exitCode).toBe(1);
    expect(JSON.parse(said.stdout)).toMatchObject({ error: { code } });
    const { stderr } = await rawreel(args);
    expect(stderr).toMatch(/^rawreel: [^\n]+\n {2}\S/);
    for (const text of [said.stdout, said.stderr, stderr])
      expect(text).not.toMatch(/X-Amz|Signature=|secret/i);
    expect(existsSync(output)).toBe(false);
    expect(existsSync(cache) ? readdirSync(cache) : []).toEqual([]);
  });

  it('keys that may not read it · are told so', async () => {
    const { stranger } = server;
    const { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY } = process.env;
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: stranger.accessKeyId,
      AWS_SECRET_ACCESS_KEY: stranger.secretAccessKey,
    });
    try {
      const { exitCode, stdout } = await rawreel([
        'list-tracks',
        '--input-s3',
        inBucket('zip'),
        '--no-cache',
        '--format',
        'json',
      ]);
      expect([exitCode, stdout]).toEqual([1, '']);
    } finally {
      Object.assign(process.env, { AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY });
    }
  });
});

describe('outputs into a bucket', () => {
  const objectsBelow = async (prefix: string): Promise<string[]> => {
    const answer = await signedFetch(server, 'GET', `/${BUCKET}`, { query: { 'list-type': '2', prefix } });
    return [...(await answer.text()).matchAll(/<Key>([^<]+)<\/Key>/g)].map(([, key = '']) => key);
  };
  const object = async (key: string): Promise<Buffer> =>
    Buffer.from(await (await signedFetch(server, 'GET', `/${BUCKET}/${key}`)).arrayBuffer());

  it('process-all · puts the same files there as into a folder, and keeps none here', async () => {
    const folder = newFolder();
    await rawreel(['process-all', '--input-file', archive('zip'), '--output', folder, '--quiet']);
    const output = `s3://${BUCKET}/made/all/`;
    const { exitCode, stdout } = await rawreel([
      'process-all',
      '--input-file',
      archive('zip'),
      '--output',
      output,
    ]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(`s3://${BUCKET}/made/all/manifest.json`);
    const names = readdirSync(folder);
    expect((await objectsBelow('made/all/')).sort()).toEqual(names.map((name) => `made/all/${name}`).sort());
    for (const name of names) {
      expect((await object(`made/all/${name}`)).equals(readFileSync(join(folder, name))), name).toBe(true);
    }
    const kept = readdirSync(join(room.path, 'xdg', 'rawreel'));
    expect(kept.filter((name) => !/^[0-9a-f]{64}-/.test(name))).toEqual([]);
  });

  it('user by user · the manifest tells of all', async () => {
    const output = `s3://${BUCKET}/made/each`;
    for (const user of ['alice', 'bob']) {
      const args = ['extract-audio', '--input-s3', inBucket('zip'), '--user-id', user, '--output', output];
      expect((await rawreel(args)).exitCode).toBe(0);
    }
    const { files } = JSON.parse((await object('made/each/manifest.json')).toString()) as {
      files: SaidFile[];
    };
    expect(files.map(({ userId }) => userId).sort()).toEqual(['alice', 'bob']);
    expect(await objectsBelow('made/each/')).toHaveLength(3);
  });

  it('a bucket that is not there · is told before anything is made', async () => {
    const args = ['process-all', '--input-file', archive('zip'), '--output', 's3://none/made', '--json'];
    const { exitCode, stdout } = await rawreel(args);
    expect(exitCode).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'ERR_OBJECT_NOT_FOUND' } });
  });
});

describe('a run that is killed while it reads', () => {
  it('at any moment · the next makes what an undisturbed one makes, and reads no more than is missing', async () => {
    const undisturbed = await made(['process-all', '--no-mix'], '--input-file', archive('zip'));
    const size = readFileSync(archive('zip')).length;
    for (const share of [0.02, 0.2, 0.5, 0.8, 0.97]) {
      const [output, cache] = [newFolder(), newFolder()];
      let kill = (): void => undefined;
      await using link = await serveLink(archive('zip'), (sent) => {
        if (sent >= share * size) kill();
      });
      const args = [
        'process-all',
        '--no-mix',
        '--input-s3',
        link.address,
        '--output',
        output,
        '--cache-dir',
        cache,
        '--quiet',
      ];
      const { exitCode } = await rawreel(args, (child) => {
        kill = () => void child.kill('SIGKILL');
      });
      expect(exitCode).toBeNull();
      kill = () => undefined;
      expect(await rawreel(args)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(madeIn(output)).toEqual(undisturbed);
      // What was on its way when it was killed comes again.
      expect(link.sent()).toBeLessThan(2 * size);
    }
  });
});
