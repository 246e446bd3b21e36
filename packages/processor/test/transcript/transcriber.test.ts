import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { filledIn, readCommandTemplate } from '../../src/transcript/transcriber/command-line.ts';
import { runCommand } from '../../src/transcript/transcriber/run-command.ts';
import { transcribeVoice } from '../../src/transcript/transcriber/transcribe-voice.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'rawreel-transcriber-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const VALUES = {
  ...{ wav: '/a b/$(id).wav', flac: "/it's; rm -rf.flac", vtt: 'v.vtt', srt: 's.srt', json: 'j.json' },
  ...{ base: 'base', folder: '/f' },
};

describe('a command', () => {
  it.each([
    ['words', 'whisper {flac} -o {folder}', ['whisper', "/it's; rm -rf.flac", '-o', '/f']],
    ['a name within a word', '--data=@{wav} {vtt}', ['--data=@/a b/$(id).wav', 'v.vtt']],
    ['quotes', `'a b' "c {wav}" d\\ e "f\\"g"`, ['a b', 'c /a b/$(id).wav', 'd e', 'f"g']],
    ['an empty word', `x '' {wav}`, ['x', '', '/a b/$(id).wav']],
    [
      'no shell',
      'x {wav} | rm $HOME `id` > y',
      ['x', '/a b/$(id).wav', '|', 'rm', '$HOME', '`id`', '>', 'y'],
    ],
    ['a path of Windows', 'C:\\whisper.exe {wav}', ['C:\\whisper.exe', '/a b/$(id).wav']],
  ])('%s · names are filled in word by word, whatever is in them', (_, line, words) => {
    expect(filledIn(readCommandTemplate(line), VALUES)).toEqual(words);
  });

  it.each([
    ['  ', /names no program/],
    ['whisper voice.wav', /neither \{wav\} nor \{flac\}/],
    ['whisper {wav} {output}', /\{output\} is none of \{wav\}/],
    ['whisper "{wav}', /a " has no end/],
  ])('%j · is refused in words', (line, says) => {
    expect(() => readCommandTemplate(line)).toThrow(says);
  });
});

/** A program of this test’s own. */
function program(name: string, source: string): string {
  const path = join(folder, name);
  writeFileSync(path, source);
  return `"${process.execPath}" "${path}"`;
}

const voiceIn = (name: string) => {
  const path = join(folder, 'voice; touch x.flac');
  writeFileSync(path, 'flac');
  return { path, result: join(folder, name), workFolder: folder };
};

test('what it writes lies beside the voice then, and nothing else is left', async () => {
  const line = `${program('writes.mjs', 'import { writeFileSync } from "node:fs"; writeFileSync(process.argv[3], "WEBVTT " + process.argv[2]); writeFileSync("other.log", "")')} {flac} {vtt}`;
  const before = new Set(readdirSync(folder));
  const path = await transcribeVoice(readCommandTemplate(line), voiceIn('written'));
  expect(readFileSync(path, 'utf8')).toBe(`WEBVTT ${join(folder, 'voice; touch x.flac')}`);
  expect(
    readdirSync(folder)
      .filter((name) => !before.has(name))
      .sort(),
  ).toEqual(['voice; touch x.flac', 'written.vtt']);
});

test('{wav} · is the voice as PCM; what is written to {vtt} is its transcription', async () => {
  const [voice, heard] = [join(folder, 'heard.flac'), join(folder, 'heard.wav')];
  const tone = ['-f', 'lavfi', '-i', 'sine=sample_rate=16000:duration=1', voice];
  execFileSync('ffmpeg', ['-v', 'error', ...tone]);
  const source = [
    'import { copyFileSync, writeFileSync } from "node:fs";',
    `copyFileSync(process.argv[2], ${JSON.stringify(heard)});`,
    'writeFileSync(process.argv[3], "WEBVTT\\n\\n00:00.100 --> 00:00.900\\nHi.\\n");',
  ].join('\n');
  const command = readCommandTemplate(`${program('copies.mjs', source)} {wav} {vtt}`);
  const files = { path: voice, result: join(folder, 'of-wav'), workFolder: folder };
  expect(await transcribeVoice(command, files)).toBe(join(folder, 'of-wav.vtt'));
  expect(readFileSync(join(folder, 'of-wav.vtt'), 'utf8')).toContain('\nHi.\n');
  const wav = readFileSync(heard);
  expect([wav.toString('latin1', 0, 4), wav.toString('latin1', 8, 12)]).toEqual(['RIFF', 'WAVE']);
  // PCM of one channel, 16 bits, 16 kHz.
  expect([20, 22, 34].map((at) => wav.readUInt16LE(at))).toEqual([1, 1, 16]);
  expect(wav.readUInt32LE(24)).toBe(16_000);
  expect(Math.abs(wav.length - 32_000)).toBeLessThan(200);
});

test('what a command prints that is told no place to write is its result', async () => {
  const line = `${program('prints.mjs', 'console.log(JSON.stringify({ segments: [] }))')} {flac}`;
  const path = await transcribeVoice(readCommandTemplate(line), voiceIn('printed'));
  expect([path, readFileSync(path, 'utf8')]).toEqual([join(folder, 'printed.json'), '{"segments":[]}\n']);
});

test('what cannot be read · is told with its reason, and is not kept', async () => {
  const line = `${program('chatty.mjs', 'console.log("Loading model…")')} {flac}`;
  await expect(transcribeVoice(readCommandTemplate(line), voiceIn('chatty'))).rejects.toMatchObject({
    code: 'ERR_TRANSCRIBER_FAILED',
    message: expect.stringMatching(/voice; touch x\.flac cannot be used: .* begins with "Loading model…"/),
  });
  expect(readdirSync(folder).filter((name) => name.startsWith('chatty.') && name !== 'chatty.mjs')).toEqual(
    [],
  );
});

test('one that writes nothing · is told so', async () => {
  const line = `${program('silent.mjs', '')} {flac} {json}`;
  await expect(transcribeVoice(readCommandTemplate(line), voiceIn('none'))).rejects.toMatchObject({
    code: 'ERR_TRANSCRIBER_FAILED',
    message: expect.stringContaining('wrote no .json, .vtt or .srt'),
  });
});

test('one that fails · its exit code and its last words are told, harmless to a terminal', async () => {
  const source = 'console.error("loading\\nno model \\u001b[31mbase.en"); process.exit(7)';
  const line = `${program('fails.mjs', source)} {flac} {json}`;
  await expect(transcribeVoice(readCommandTemplate(line), voiceIn('failed'))).rejects.toMatchObject({
    code: 'ERR_TRANSCRIBER_FAILED',
    message: expect.stringMatching(/exit code 7 \| loading \| no model \\x1b\[31mbase\.en$/),
  });
});

test('one that is not there · is named', async () => {
  const template = readCommandTemplate('no-such-transcriber {flac} {json}');
  await expect(transcribeVoice(template, voiceIn('missing'))).rejects.toMatchObject({
    message: 'no-such-transcriber failed: there is no such program',
  });
});

test('one that prints for ever · is ended', async () => {
  const [words] = [
    readCommandTemplate(
      `${program('endless.mjs', 'const w = () => process.stdout.write("x".repeat(65536), w); w()')} {flac}`,
    ).words,
  ];
  const running = runCommand(words, { folder, mostBytes: 2 ** 20 });
  await expect(running).rejects.toThrow(/printed more than 1048576 bytes/);
});

test.runIf(process.platform !== 'win32')('cancelled · it ends with all that it has started', async () => {
  const source = [
    'import { spawn } from "node:child_process";',
    'process.on("SIGTERM", () => undefined);',
    'const child = spawn(process.execPath, ["-e", "setInterval(() => 0, 1000)"], { stdio: "ignore" });',
    'import { writeFileSync } from "node:fs"; writeFileSync(process.argv[2], String(child.pid));',
    'console.error("started"); setInterval(() => 0, 1000);',
  ].join('\n');
  const { words } = readCommandTemplate(`${program('stubborn.mjs', source)} ${join(folder, 'pid')} {flac}`);
  const cancel = new AbortController();
  const running = runCommand(words, { folder, mostBytes: 100, signal: cancel.signal });
  let pid = 0;
  await expect
    .poll(() => {
      pid = readdirSync(folder).includes('pid') ? Number(readFileSync(join(folder, 'pid'), 'utf8')) : 0;
      return pid;
    })
    .toBeGreaterThan(0);
  cancel.abort(new Error('interrupted'));
  await expect(running).rejects.toThrow('interrupted');
  const isRunning = () => {
    try {
      process.kill(pid, 0);
      // What has ended and nobody has waited for still has its number.
      return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
    } catch {
      return false;
    }
  };
  await expect.poll(isRunning).toBe(false);
});
