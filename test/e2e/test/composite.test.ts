import { execFile } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { generateCall, type UserSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openPlayer, type Player } from '../src/chromium.ts';
import { rawreel, temporaryFolder } from '../src/rawreel.ts';

const run = promisify(execFile);

function person(id: string, startMs: number): UserSpec {
  const segments = [{ startMs, durationMs: 5000 - startMs }];
  const camera = { kind: 'video', codec: 'vp8', width: 320, height: 180, segments } as const;
  return { id, sessions: [{ tracks: [{ kind: 'audio', segments }, camera] }] };
}

const TRANSCRIPT = {
  participants: [],
  utterances: [
    { startMs: 1000, endMs: 2000, userId: 'alice', speaker: 'Alice', text: 'Is 1 < 2 & <i>why</i>?' },
    { startMs: 1500, endMs: 2500, userId: 'bob', speaker: 'Боб', text: 'صباح الخير' },
    { startMs: 3500, endMs: 4000, userId: 'alice', speaker: 'Alice', text: 'Bye.' },
  ],
};

interface SaidFilm {
  readonly kind: string;
  readonly path: string;
  readonly offsetMs: number;
  readonly durationMs: number;
  readonly pictures: number;
}

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let player: Player;
let film: SaidFilm;
let captions: SaidFilm;
let chapters: SaidFilm;

beforeAll(async () => {
  room = await temporaryFolder();
  const call = await generateCall({ seed: 'watched', users: [person('alice', 0), person('bob', 700)] });
  const archive = join(room.path, 'call.zip');
  await call.writeArchive(archive);
  const said = join(room.path, 'said.json');
  await writeFile(said, JSON.stringify(TRANSCRIPT));
  const output = join(room.path, 'out');
  await mkdir(output);
  const made = await rawreel([
    ...['composite', '--input-file', archive, '--output', output, '--size', '640x360', '--json'],
    ...['--captions', said],
  ]);
  expect([made.exitCode, made.stderr]).toEqual([0, '']);
  const files: readonly SaidFilm[] = JSON.parse(made.stdout).files;
  const ofKind = (kind: string) => files.find((file) => file.kind === kind) ?? expect.fail(`no ${kind}`);
  film = ofKind('composite');
  captions = ofKind('captions');
  chapters = ofKind('chapters');
  player = await openPlayer(output);
});
afterAll(async () => {
  await player?.[Symbol.asyncDispose]();
  await room[Symbol.asyncDispose]();
});

describe('Chromium plays a composite', () => {
  it('to its end, with every picture in its size, and sound', async () => {
    expect(await player.load(film.path)).toMatchObject({ width: 640, height: 360 });
    const played = await player.playToEnd();
    expect(Math.abs(played.endedAtMs - film.durationMs)).toBeLessThanOrEqual(25);
    expect([played.pictures, played.corrupted]).toEqual([film.pictures, 0]);
    expect(played.soundBytes).toBeGreaterThan(1000);
  });

  it('with the captions beside it · in their time, by name, and no word is markup', async () => {
    expect(captions.path).toBe(film.path.replace(/\.mp4$/, '.vtt'));
    await player.load(film.path);
    const cues = await player.captionsOf(captions.path);
    const at = (ms: number) => Math.round(ms - film.offsetMs);
    expect(cues).toEqual([
      { startMs: at(1000), endMs: at(1500), text: 'Alice: Is 1 < 2 & <i>why</i>?' },
      { startMs: at(1500), endMs: at(2000), text: 'Alice: Is 1 < 2 & <i>why</i>?\nБоб: صباح الخير' },
      { startMs: at(2000), endMs: at(2500), text: 'Боб: صباح الخير' },
      { startMs: at(3500), endMs: at(4000), text: 'Alice: Bye.' },
    ]);
    for (const { startMs, endMs, text } of cues)
      expect(await player.captionsAt((startMs + endMs) / 2)).toEqual([text]);
    expect(await player.captionsAt(at(3000))).toEqual([]);
  });

  it('with the chapters beside it · those of the file, for a page to jump to', async () => {
    await player.load(film.path);
    const { stdout } = await run('ffprobe', [
      ...['-v', 'error', '-of', 'json', '-show_chapters', join(room.path, 'out', film.path)],
    ]);
    const within: readonly { start_time: string; end_time: string; tags: { title: string } }[] =
      JSON.parse(stdout).chapters;
    expect(within.length).toBeGreaterThan(0);
    const ms = (seconds: string) => Math.round(Number(seconds) * 1000);
    expect(await player.chaptersOf(chapters.path)).toEqual(
      within.map(({ start_time, end_time, tags: { title } }) => ({
        startMs: ms(start_time),
        endMs: ms(end_time),
        text: title,
      })),
    );
  });
});
