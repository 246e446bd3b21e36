import { execFile } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { type GeneratedCall, generateCall, type TrackTruth } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { heardMoments } from '../src/moments.ts';
import { type SaidFile, temporaryFolder } from '../src/rawreel.ts';

const WORKFLOWS = join(import.meta.dirname, '..', 'workflows');
/** Where npm has put the program, and the Node it runs on. */
const PROGRAMS = join(import.meta.dirname, '..', '..', '..', 'node_modules', '.bin');

/** Ids that a script has to quote, and that a program may not take for its own options, patterns or paths. */
const USERS = [
  'alice',
  "bob o'neil",
  '  two  spaces  each  ',
  'say "hi" to $(touch pwned) `touch pwned` \\n *',
  '--output',
  '../élan & söhne; 100 %',
] as const;

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let call: GeneratedCall;
let archive = '';
/** Where scripts run, so that a stray file is seen. */
let elsewhere = '';

beforeAll(async () => {
  room = await temporaryFolder();
  archive = join(room.path, "monday's call.zip");
  elsewhere = join(room.path, 'elsewhere');
  await mkdir(elsewhere);
  call = await generateCall({
    seed: 'workflows',
    callId: "monday's call",
    users: USERS.map((id, i) => ({
      id,
      sessions: [
        {
          clock: { offsetMs: i * 7000 },
          tracks: [
            { kind: 'audio', segments: [{ startMs: 300 + i * 100, durationMs: 4300 - i * 100 }] },
            ...(i < 2
              ? [
                  {
                    kind: 'video',
                    codec: 'vp8',
                    width: 160,
                    height: 96,
                    segments: [{ startMs: 420, durationMs: 4000 }],
                  } as const,
                ]
              : []),
          ],
        },
      ],
    })),
  });
  await call.writeArchive(archive);
});
afterAll(() => room[Symbol.asyncDispose]());

async function run(script: string, ...args: string[]): Promise<{ stdout: string; stderr: string }> {
  const { PATH = '' } = process.env;
  return promisify(execFile)(join(WORKFLOWS, script), args, {
    cwd: elsewhere,
    env: { ...process.env, PATH: PROGRAMS + delimiter + PATH },
  });
}

const manifestOf = (folder: string): readonly SaidFile[] =>
  (JSON.parse(readFileSync(join(folder, 'manifest.json'), 'utf8')) as { files: SaidFile[] }).files;

const filesIn = (folder: string): string[] => readdirSync(folder).sort();

function trackOf(file: SaidFile): TrackTruth {
  const track = call.truth.tracks.find(({ trackId }) => trackId === file.trackId);
  if (track === undefined) throw new Error(`unknown track ${file.trackId}`);
  return track;
}

describe('documented workflows, as scripts', () => {
  it('everybody’s audio, user by user, into one folder', async () => {
    const output = join(room.path, 'audio of everybody');
    await run('everybodys-audio.sh', archive, output);
    const files = manifestOf(output);
    expect(files.map(({ userId }) => userId).sort()).toEqual([...USERS].sort());
    expect(filesIn(output)).toEqual([...files.map(({ path }) => path), 'manifest.json'].sort());
    for (const file of files) {
      const track = trackOf(file);
      expect(file.userId).toBe(track.userId);
      const [moments = []] = await heardMoments(join(output, file.path), [track]);
      expect(moments.length).toBeGreaterThan(2);
    }
    expect(filesIn(elsewhere)).toEqual([]);
  });

  it('a podcast', async () => {
    const output = join(room.path, 'podcast of "the" call');
    const { stdout } = await run('podcast.sh', archive, output);
    const [, file = ''] = /^(.+)\n$/.exec(stdout) ?? [];
    expect(file).toBe(
      join(output, `composite_default_monday%27s%20call_audio_${call.truth.startUnixMs}.mp3`),
    );
    const sounds = call.truth.tracks.filter(({ kind }) => kind === 'audio');
    expect(await heardMoments(file, sounds)).toHaveLength(USERS.length);
  });

  it('everything, beside the archive', async () => {
    await run('everything.sh', archive);
    const output = join(room.path, "monday's call");
    const kinds = manifestOf(output).map(({ kind }) => kind as string);
    const count = (wanted: string): number => kinds.filter((kind) => kind === wanted).length;
    expect(['audio', 'video', 'muxed', 'mix'].map(count)).toEqual([USERS.length, 2, 2, 1]);
    expect(filesIn(output)).toHaveLength(kinds.length + 1);
  });

  it('an archive that is not there · the loop ends with the exit status, and leaves no folder', async () => {
    const failed = run('everybodys-audio.sh', join(room.path, 'none.zip'), join(room.path, 'none'));
    await expect(failed).rejects.toMatchObject({ code: 1, stdout: '' });
    expect(existsSync(join(room.path, 'none'))).toBe(false);
  });
});
