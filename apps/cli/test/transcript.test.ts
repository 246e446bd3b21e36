import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { INTERRUPTED, rawreel } from './fakes.ts';

let folder = '';
let count = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-transcript-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const voice = (userId: string, more: object = {}) => ({
  kind: 'voice',
  path: `voice_default_standup_${userId}_1.flac`,
  startsAt: '2026-11-20T09:29:59.980Z',
  offsetMs: -20,
  durationMs: 60_000,
  userId,
  tracks: [{ userId, sessionId: `s-${userId}`, trackId: 't', trackType: 'TRACK_TYPE_AUDIO' }],
  source: 'call.zip',
  call: { type: 'default', id: 'standup', sessionId: 'run-1', startMs: 1 },
  recordingStartsAt: '2026-11-20T09:30:00.000Z',
  ...more,
});

/** A kit of alice and bob, whose voices are not sound: nobody here listens. */
function kit(voices: readonly object[] = [voice('alice'), voice('bob')]): string {
  const path = join(folder, `${++count}`);
  mkdirSync(path);
  writeFileSync(join(path, 'manifest.json'), JSON.stringify({ version: 1, files: voices }));
  return path;
}

const said = (path: string, userId: string, startSeconds: number, words: string) =>
  writeFileSync(
    join(path, `voice_default_standup_${userId}_1.vtt`),
    `WEBVTT\n\n00:0${startSeconds}.020 --> 00:0${startSeconds + 1}.020\n${words}\n`,
  );

const transcriptsIn = (path: string): string[] =>
  readdirSync(path)
    .filter((name) => name.startsWith('transcript_'))
    .sort();

describe('transcript', () => {
  it('makes four files of what lies beside the voices, with names, and says so in the manifest', async () => {
    const path = kit();
    said(path, 'alice', 3, 'And you?');
    said(path, 'bob', 1, 'How are you?');
    const names = join(folder, 'names.csv');
    writeFileSync(names, 'id,name\nalice,Alice Liddell\n');
    const { exitCode, stdout } = await rawreel(['transcript', '--kit', path, '--names', names]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('2 utterances of 2 participants: Alice Liddell 1, bob 1');
    const made = transcriptsIn(path);
    expect(made).toEqual(
      ['json', 'srt', 'txt', 'vtt'].map((end) =>
        expect.stringMatching(new RegExp(`^transcript_default_standup_1_names-[0-9a-f]{8}\\.${end}$`)),
      ),
    );
    const vtt = readFileSync(join(path, made[3] ?? ''), 'utf8');
    expect(vtt).toContain('00:00:03.000 --> 00:00:04.000\n<v Alice Liddell>And you?</v>');
    const { files } = JSON.parse(readFileSync(join(path, 'manifest.json'), 'utf8'));
    expect(files.filter(({ kind }: { kind: string }) => kind === 'transcript')).toMatchObject([
      { format: 'json', utterances: 2, speakers: 2, offsetMs: 0, call: { id: 'standup' } },
      { format: 'srt' },
      { format: 'txt' },
      { format: 'vtt' },
    ]);
  });

  it('says how much of what was heard is left out', async () => {
    const path = kit([voice('alice', { durationMs: 5000 })]);
    const segments = [
      { start: 1, end: 2, text: 'Hello.' },
      { start: 2, end: 3, text: ' ' },
      { start: 3, end: 2, text: 'Odd.' },
      { start: 6, end: 7, text: 'Thanks for watching!' },
    ];
    writeFileSync(join(path, 'voice_default_standup_alice_1.json'), JSON.stringify({ segments }));
    const { stdout } = await rawreel(['transcript', '--kit', path]);
    expect(stdout).toMatch(/^1 utterance of 1 participant: alice 1\n[\s\S]*\n3 cues left out: /);
  });

  it('finds the moments at which words are said, in any order and case', async () => {
    const path = kit();
    said(path, 'alice', 3, 'The BUDGET\nof next year');
    said(path, 'bob', 1, 'Next week.');
    const { exitCode, stdout } = await rawreel([
      'transcript',
      '--kit',
      path,
      '--search',
      'next budget',
      '--quiet',
    ]);
    expect([exitCode, stdout]).toEqual([0, '1 moment\n     0:03.0  alice: The BUDGET of next year\n']);
    const none = await rawreel(['transcript', '--kit', path, '--search', 'holiday', '--quiet']);
    expect(none.stdout).toBe('0 moments\n');
    const { stdout: json } = await rawreel(['transcript', '--kit', path, '--search', 'next', '--json']);
    expect(JSON.parse(json).found).toMatchObject([{ userId: 'bob', startMs: 1000 }, { userId: 'alice' }]);
  });

  it('runs a transcriber for each voice, and not again where it has an answer', async () => {
    const path = kit();
    const script = join(folder, 'transcriber.mjs');
    writeFileSync(
      script,
      `import { appendFileSync, writeFileSync } from 'node:fs';
      const [, , flac, json] = process.argv;
      appendFileSync(${JSON.stringify(join(folder, 'heard'))}, flac + '\\n');
      writeFileSync(json, JSON.stringify({ segments: [{ start: 1, end: 2, text: 'Hello.' }], language: 'en' }));`,
    );
    const args = ['transcript', '--kit', path, '--with', `"${process.execPath}" "${script}" {flac} {json}`];
    const first = await rawreel(args);
    expect([first.exitCode, first.stderr]).toEqual([
      0,
      'Transcribing alice (1 of 2)\nTranscribing bob (2 of 2)\n',
    ]);
    const second = await rawreel([...args, '--json']);
    expect(JSON.parse(second.stdout)).toMatchObject({
      files: [{ kind: 'transcript', language: 'en' }, {}, {}, {}],
      participants: [{ userId: 'alice', format: 'whisper' }, { userId: 'bob' }],
    });
    const heard = () => readFileSync(join(folder, 'heard'), 'utf8').trim().split('\n');
    expect(heard()).toHaveLength(2);
    await rawreel([...args, '--again', '--quiet']);
    expect(heard()).toHaveLength(4);
  });

  it('with folders for results and transcript · what is made is made where it stays', async () => {
    const path = kit();
    const [results, output] = [join(path, 'results'), join(path, 'out')];
    const script = join(folder, 'elsewhere.mjs');
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
      const text = process.argv[2];
      writeFileSync(process.argv[2], JSON.stringify({ segments: [{ start: 1, end: 2, text }] }));`,
    );
    const args = ['transcript', '--kit', path, '--transcriptions', results, '--output', output, '--quiet'];
    const made = await rawreel([...args, '--with', `"${process.execPath}" "${script}" {json} {flac}`]);
    expect([made.exitCode, made.stderr]).toEqual([0, '']);
    expect(readdirSync(results).sort()).toEqual(
      ['alice', 'bob'].map((userId) => `voice_default_standup_${userId}_1.json`),
    );
    // Of another file system than the results' nothing could be renamed into place.
    const { segments } = JSON.parse(
      readFileSync(join(results, 'voice_default_standup_alice_1.json'), 'utf8'),
    );
    expect(segments[0].text.startsWith(results)).toBe(true);
    expect(readdirSync(output)).toHaveLength(5);
    expect((await rawreel(args)).exitCode).toBe(0);
    expect((await rawreel(['transcript', '--kit', path])).stderr).toContain('none of the voices has');
  });

  it('interrupted · ends the transcriber, and leaves nothing', async () => {
    const path = kit();
    const [script, started] = [join(folder, 'endless.mjs'), join(folder, 'started')];
    writeFileSync(
      script,
      `import { writeFileSync } from 'node:fs';
      writeFileSync(process.argv[2], 'WEBVTT');
      writeFileSync(${JSON.stringify(started)}, String(process.pid));
      setInterval(() => 0, 1000);`,
    );
    const interruption = new AbortController();
    const args = ['transcript', '--kit', path, '--with', `"${process.execPath}" "${script}" {vtt} {flac}`];
    const ending = rawreel(args, { interruption });
    await expect.poll(() => (existsSync(started) ? readFileSync(started, 'utf8') : '')).not.toBe('');
    interruption.abort(INTERRUPTED);
    const { exitCode, stdout } = await ending;
    expect([exitCode, stdout]).toEqual([130, '']);
    expect(() => process.kill(Number(readFileSync(started, 'utf8')), 0)).toThrow('ESRCH');
    expect(readdirSync(path)).toEqual(['manifest.json']);
  });

  it('a voice that nobody has transcribed · is named, and the exit code is 1', async () => {
    const path = kit();
    said(path, 'alice', 3, 'Anybody there?');
    const { exitCode, stderr } = await rawreel(['transcript', '--kit', path, '--output', join(path, 'out')]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringContaining('No transcription of bob: none is named like voice_'),
    ]);
    expect(readdirSync(join(path, 'out'))).toHaveLength(5);
  });

  it.each([
    ['no kit', () => kit([]), [], 1, /names no voices\n.*transcription-kit/],
    [
      'a voice outside of it',
      () => kit([voice('alice', { path: '../../etc/passwd' })]),
      [],
      1,
      /names no voices/,
    ],
    [
      'voices of two calls',
      () => kit([voice('alice'), voice('bob', { call: { type: 'default', id: 'b', sessionId: 'x' } })]),
      [],
      1,
      /of several calls/,
    ],
    ['nothing transcribed', () => kit(), [], 1, /none of the voices has a transcription[\s\S]*--with/],
    [
      'a folder of results that is not there',
      () => kit(),
      ['--transcriptions', 'no/such/folder'],
      1,
      /has a transcription in no\/such\/folder\n.*--with/,
    ],
    [
      'a kit that is not there',
      () => join(folder, 'nowhere'),
      [],
      1,
      /nowhere\/manifest\.json is not there\n.*transcription-kit/,
    ],
    ['nothing to run again', () => kit(), ['--again'], 2, /--again is for --with/],
    [
      'a command without a voice',
      () => kit(),
      ['--with', 'whisper x'],
      2,
      /--with: it has neither.*\n {2}Write the command/,
    ],
  ])('%s · is an error that says what to do', async (_, made, args, code, says) => {
    const { exitCode, stderr } = await rawreel(['transcript', '--kit', made(), ...args]);
    expect([exitCode, stderr]).toEqual([code, expect.stringMatching(says)]);
  });

  it('a result that is none · is named with its reason', async () => {
    const path = kit();
    writeFileSync(join(path, 'voice_default_standup_alice_1.json'), '{"error":"quota"}');
    const { exitCode, stderr } = await rawreel(['transcript', '--kit', path]);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/alice_1\.json cannot be used: it is JSON of none of/),
    ]);
  });
});

describe('transcripts of one kit', () => {
  const NAMES = ['json', 'srt', 'txt', 'vtt'].map((end) => `transcript_default_standup_1.${end}`);
  const inode = (path: string, file: string) => statSync(join(path, file)).ino;

  it('--skip-existing · keeps what would be the same, and makes anew what is cut or has other words', async () => {
    const path = kit();
    said(path, 'alice', 3, 'And you?');
    said(path, 'bob', 1, 'How are you?');
    const args = ['transcript', '--kit', path, '--skip-existing'];
    await rawreel(args);
    const before = NAMES.map((file) => inode(path, file));
    writeFileSync(join(path, NAMES[3] ?? ''), 'WEBVTT\n\n00:0');
    const again = await rawreel([...args, '--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({
      files: [{ format: 'vtt' }, { format: 'srt' }, { format: 'json' }, { format: 'txt' }],
      alreadyMade: ['srt', 'json', 'txt'].map((end) => `transcript_default_standup_1.${end}`),
    });
    expect(NAMES.map((file) => inode(path, file)).slice(0, 3)).toEqual(before.slice(0, 3));
    expect(readFileSync(join(path, NAMES[3] ?? ''), 'utf8')).toContain('And you?');
    expect((await rawreel(args)).stdout).toContain('  4 files made before\n');
    said(path, 'bob', 1, 'Who are you?');
    expect((await rawreel(args)).stdout).not.toContain('made before');
    expect(readFileSync(join(path, NAMES[1] ?? ''), 'utf8')).toContain('Who are you?');
  });

  it('a file that is not ours · is not touched, and no transcriber is run for nothing', async () => {
    const path = kit();
    said(path, 'alice', 3, 'And you?');
    writeFileSync(join(path, NAMES[2] ?? ''), 'mine');
    const args = ['transcript', '--kit', path, '--skip-existing', '--with', '/nonexistent {flac}'];
    const { exitCode, stderr } = await rawreel(args);
    expect([exitCode, stderr]).toEqual([
      1,
      expect.stringMatching(/\.txt is there already, and the manifest does not name it\n.*--overwrite/),
    ]);
    expect(readFileSync(join(path, NAMES[2] ?? ''), 'utf8')).toBe('mine');
    expect((await rawreel(['transcript', '--kit', path, '--overwrite'])).exitCode).toBe(1);
    expect(readFileSync(join(path, NAMES[2] ?? ''), 'utf8')).toContain('And you?');
  });

  it('of other results or with names · lie beside each other', async () => {
    const path = kit();
    said(path, 'alice', 3, 'And you?');
    const results = join(path, 'other results');
    mkdirSync(results);
    said(results, 'alice', 3, 'And Hugh?');
    const names = join(folder, 'people.csv');
    for (const name of ['Ann', 'Anne']) {
      writeFileSync(names, `id,name\nalice,${name}\n`);
      await rawreel(['transcript', '--kit', path, '--names', names]);
    }
    await rawreel(['transcript', '--kit', path]);
    await rawreel(['transcript', '--kit', path, '--transcriptions', results, '-o', path]);
    const texts = transcriptsIn(path).filter((file) => file.endsWith('.txt'));
    expect(texts.map((file) => readFileSync(join(path, file), 'utf8')).sort()).toEqual([
      '[00:00:03] Ann: And you?\n',
      '[00:00:03] Anne: And you?\n',
      '[00:00:03] alice: And Hugh?\n',
      '[00:00:03] alice: And you?\n',
    ]);
    expect(texts).toContain('transcript_default_standup_1_other%20results.txt');
  });

  it('a voice of some of a user’s microphones · is not heard beside the whole one', async () => {
    const part = voice('alice', { path: 'voice_part.flac' });
    const tracks = ['t', 'u'].map((trackId) => ({ ...part.tracks[0], trackId }));
    const path = kit([part, voice('alice', { tracks }), voice('bob')]);
    said(path, 'alice', 3, 'And you?');
    said(path, 'bob', 1, 'How are you?');
    const { exitCode, stdout } = await rawreel(['transcript', '--kit', path]);
    expect([exitCode, stdout]).toEqual([
      0,
      expect.stringContaining('2 utterances of 2 participants: alice 1, bob 1'),
    ]);
  });
});
