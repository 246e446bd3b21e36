import { createHash } from 'node:crypto';
import { readdirSync, readFileSync, watch, writeFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { type GeneratedCall, generateCall, writeLargeCall } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, probeFile, watchVideo } from '@rawreel/fixtures/judge';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { extract, type Kind, rawreel, type SaidFile, temporaryFolder } from '../src/rawreel.ts';

const KINDS: readonly Kind[] = ['audio', 'video'];
/** Jitter of the least delayed packets of two people, who were heard by one recorder. */
const JITTER_MS = 12;

interface ManifestFile extends SaidFile {
  readonly source: string;
  readonly call: { readonly type: string; readonly id: string; readonly sessionId: string };
  readonly recordingStartsAt: string;
}

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let call: GeneratedCall;
let archive = '';

beforeAll(async () => {
  room = await temporaryFolder();
  archive = join(room.path, 'call.zip');
  const tracks = (startMs: number) =>
    [
      { kind: 'audio', segments: [{ startMs, durationMs: 4000 }] },
      {
        kind: 'video',
        codec: 'vp8',
        width: 160,
        height: 96,
        segments: [{ startMs: startMs + 150, durationMs: 3500 }],
      },
    ] as const;
  call = await generateCall({
    seed: 'align',
    callId: 'align',
    users: [
      { id: 'alice', sessions: [{ tracks: tracks(300) }] },
      // A clock two minutes wrong changes nothing: everybody is placed on the recorder's.
      { id: "bob o'neil", sessions: [{ clock: { offsetMs: 120_000 }, tracks: tracks(1270) }] },
    ],
  });
  await call.writeArchive(archive);
});
afterAll(() => room[Symbol.asyncDispose]());

const input = (): string[] => ['--input-file', archive];
const folder = (name: string): string => join(room.path, name);
const manifestText = (output: string): string => readFileSync(join(output, 'manifest.json'), 'utf8');
const manifestOf = (output: string): readonly ManifestFile[] =>
  (JSON.parse(manifestText(output)) as { files: ManifestFile[] }).files;
const sha256 = (path: string): string => createHash('sha256').update(readFileSync(path)).digest('hex');

async function extractAll(output: string, more: readonly string[] = []): Promise<SaidFile[]> {
  const files: SaidFile[] = [];
  for (const kind of KINDS) {
    const { exitCode, said } = await extract(kind, input(), output, more);
    expect(exitCode).toBe(0);
    files.push(...(said.files ?? []));
  }
  return files;
}

/** Every file of a folder with what it holds, the manifest too. */
const contentsOf = (output: string): [string, string][] =>
  readdirSync(output)
    .sort()
    .map((name) => [name, sha256(join(output, name))]);

/** The same of runs with different tracks, which their files' fingerprints are of. */
const withoutFingerprints = (output: string): unknown => [
  contentsOf(output).filter(([name]) => name !== 'manifest.json'),
  manifestOf(output).map((file) => ({ ...file, fingerprint: undefined })),
];

/** File time at which the call clock's zero would be, by each whole second that is heard or seen. */
async function zerosIn(output: string, file: SaidFile): Promise<number[]> {
  const track = call.truth.tracks.find(({ trackId }) => trackId === file.trackId);
  if (track === undefined) throw new Error(`unknown track ${file.trackId}`);
  const path = join(output, file.path);
  if (file.kind === 'video') {
    const { frames } = await watchVideo(path);
    const shown = frames.flatMap(({ ptsMs, timecode }) => (timecode ? [ptsMs - timecode.timeMs] : []));
    expect(shown).toHaveLength(track.frames.length);
    return shown;
  }
  const beeps = findBeeps(await listenAudio(path), track.hz ?? 0);
  expect(beeps).toHaveLength(track.beeps.length);
  return beeps.map(({ onsetMs }, i) => onsetMs - opusLookAheadMs - (track.beeps[i] ?? Number.NaN));
}

describe('alignment', () => {
  it('--align recording · what was heard and seen at one moment is at one place in every file', async () => {
    const output = folder('aligned');
    const files = await extractAll(output, ['--align', 'recording']);
    expect(files).toHaveLength(4);
    const zeros: number[] = [];
    for (const file of files) {
      expect(file.offsetMs).toBe(0);
      zeros.push(...(await zerosIn(output, file)));
    }
    expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThanOrEqual(JITTER_MS);
  });

  it('--align track · offsets in the manifest lay the files on one timeline', async () => {
    const output = folder('offsets');
    const files = await extractAll(output);
    const zeros: number[] = [];
    for (const file of files) {
      zeros.push(...(await zerosIn(output, file)).map((ms) => ms + file.offsetMs));
    }
    expect(Math.max(...zeros) - Math.min(...zeros)).toBeLessThanOrEqual(JITTER_MS);
    const probed = await Promise.all(files.map(({ path }) => probeFile(join(output, path))));
    for (const { startMs } of probed) expect(startMs).toBeLessThanOrEqual(1);
  });
});

describe('manifest', () => {
  it('says of each file what the file is', async () => {
    const output = folder('manifest');
    const reported = await extractAll(output);
    const files = manifestOf(output);
    expect(files.map(({ path }) => path)).toEqual(reported.map(({ path }) => path).sort());
    for (const file of files) {
      const path = join(output, file.path);
      const track = call.truth.tracks.find(({ trackId }) => trackId === file.trackId);
      expect(file).toMatchObject({
        kind: track?.kind,
        userId: track?.userId,
        sessionId: track?.sessionId,
        codec: track?.codec,
        source: archive,
        call: { type: call.truth.callType, id: call.truth.callId, sessionId: call.truth.callSessionId },
        recordingStartsAt: new Date(call.truth.zeroUnixMs).toISOString(),
        sha256: sha256(path),
        byteLength: readFileSync(path).byteLength,
      });
      const { durationMs, tags } = await probeFile(path);
      const { creation_time: created = '' } = tags;
      expect(Math.abs(file.durationMs - durationMs)).toBeLessThanOrEqual(2);
      const startsMs = Date.parse(file.startsAt);
      expect(Math.abs(startsMs - call.truth.zeroUnixMs - file.offsetMs)).toBeLessThanOrEqual(1);
      expect(Math.abs(Date.parse(created) - startsMs)).toBeLessThanOrEqual(1);
    }
  });

  it('one run per user adds up to what one run for all makes', async () => {
    const [all, loop] = [folder('all'), folder('loop')];
    await extractAll(all);
    const { stdout } = await rawreel(['list-tracks', ...input(), '--format', 'users']);
    const users = stdout.trimEnd().split('\n');
    expect(users).toEqual(['alice', "bob o'neil"]);
    for (const user of users) await extractAll(loop, ['--user-id', user]);
    expect(withoutFingerprints(loop)).toEqual(withoutFingerprints(all));
  });

  it('the same run again gives the same bytes', async () => {
    const output = folder('again');
    await extractAll(output);
    const before = contentsOf(output);
    expect(before).toHaveLength(5);
    await extractAll(output);
    expect(contentsOf(output)).toEqual(before);
  });

  it('runs into one folder at the same time lose nothing of each other', async () => {
    const [output, one] = [folder('at-once'), folder('one-by-one')];
    await extractAll(one);
    const runs = KINDS.flatMap((kind) =>
      ['alice', "bob o'neil"].map((user) => extract(kind, input(), output, ['--user-id', user])),
    );
    expect((await Promise.all(runs)).map(({ exitCode }) => exitCode)).toEqual([0, 0, 0, 0]);
    expect(withoutFingerprints(output)).toEqual(withoutFingerprints(one));
  });
});

describe('broken off', () => {
  it('SIGINT · exit 130, no unfinished file, and those that are finished are whole', async () => {
    const large = join(room.path, 'large.zip');
    await writeLargeCall(large, { participants: 4, seconds: 3600, video: 'none' });
    const output = folder('interrupted');
    await mkdir(output);
    const { exitCode, said } = await interruptedOnceWriting(large, output);
    expect(exitCode).toBe(130);
    expect(said.error?.code).toBe('ERR_INTERRUPTED');
    const left = readdirSync(output);
    expect(left.filter((name) => !/\.mkv$|^manifest\.json$/.test(name))).toEqual([]);
    const media = left.filter((name) => name.endsWith('.mkv'));
    expect(media.length).toBeLessThan(4);
    for (const name of media)
      expect((await probeFile(join(output, name))).durationMs).toBeGreaterThan(3_599_000);
    if (media.length > 0) expect(manifestOf(output).map(({ path }) => path)).toEqual(media.sort());
  });

  it('an output folder that is a file · refused with exit 1, the file untouched', async () => {
    const output = folder('taken');
    writeFileSync(output, 'mine');
    const { exitCode, said, stderr } = await extract('audio', input(), output);
    expect([exitCode, stderr]).toEqual([1, '']);
    expect(said.error?.code).toBe('ERR_OUTPUT_UNWRITABLE');
    expect(said.error?.message).not.toContain('\n');
    expect(said.error?.message).toContain(output);
    expect(readFileSync(output, 'utf8')).toBe('mine');
  });
});

/** Interrupts a run as soon as there is a file under way in its work folder. */
async function interruptedOnceWriting(from: string, output: string) {
  let stop = (): void => undefined;
  const watcher = watch(output, () => {
    const works = readdirSync(output).filter((name) => name.startsWith('.rawreel-'));
    if (works.some((name) => readdirSync(join(output, name)).length > 0)) stop();
    else for (const name of works) inner.push(watch(join(output, name), () => stop()));
  });
  const inner: ReturnType<typeof watch>[] = [];
  try {
    const ended = await rawreel(
      ['extract-audio', '--input-file', from, '--output', output, '--json', '--workers', '1'],
      (child) => {
        stop = () => {
          stop = () => undefined;
          child.kill('SIGINT');
        };
      },
    );
    return { ...ended, said: JSON.parse(ended.stdout) as { error?: { code: string } } };
  } finally {
    for (const one of [watcher, ...inner]) one.close();
  }
}
