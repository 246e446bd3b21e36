import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { generateCall, type TrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { make, temporaryFolder } from '../src/rawreel.ts';

let room: Awaited<ReturnType<typeof temporaryFolder>>;
let archive: string;

const there = (startMs: number, durationMs: number): TrackSpec[] => [
  { kind: 'audio', segments: [{ startMs, durationMs }] },
  { kind: 'video', codec: 'h264', width: 160, height: 96, segments: [{ startMs, durationMs }] },
];

beforeAll(async () => {
  room = await temporaryFolder();
  const call = await generateCall({
    seed: 'chapters',
    callId: 'chapters',
    users: [
      { id: 'alice', sessions: [{ tracks: there(0, 26_000) }] },
      { id: 'bob', sessions: [{ tracks: there(7000, 7000) }] },
      {
        id: 'carol',
        sessions: [
          {
            tracks: [
              ...there(8000, 18_000),
              {
                kind: 'video',
                screenshare: true,
                codec: 'vp8',
                width: 160,
                height: 96,
                segments: [{ startMs: 20_000, durationMs: 4000 }],
              },
            ],
          },
        ],
      },
    ],
  });
  archive = join(room.path, 'chapters.zip');
  await call.writeArchive(archive);
});
afterAll(() => room[Symbol.asyncDispose]());

/** Each chapter in whole seconds. */
function chaptersOf(path: string): string[] {
  const shown = execFileSync('ffprobe', ['-v', 'error', '-show_chapters', '-of', 'json', path], {
    encoding: 'utf8',
  });
  const { chapters } = JSON.parse(shown) as {
    chapters: { start_time: string; tags: { title: string } }[];
  };
  return chapters.map(({ start_time, tags }) => `${Math.round(Number(start_time))} ${tags.title}`);
}

test('a muxed file says where somebody came, went or shared a screen while it runs', async () => {
  const output = join(room.path, 'out');
  const { exitCode, said } = await make('process-all', ['--input-file', archive], output, [
    '--no-mix',
    '--verify',
  ]);
  expect(exitCode).toBe(0);
  const chapters = Object.fromEntries(
    (said.files ?? []).flatMap((file) =>
      file.kind === 'muxed' ? [[file.userId, chaptersOf(join(output, file.path))]] : [],
    ),
  );
  expect(chapters).toEqual({
    alice: ['0 alice joins', '7 bob joins, carol joins', '14 bob leaves', '20 carol shares a screen'],
    bob: [],
    carol: ['0 bob joins, carol joins', '6 bob leaves', '12 carol shares a screen'],
  });
});

test('in an MP4, and of a part of the call, on the part’s own clock', async () => {
  const output = join(room.path, 'part');
  const { exitCode, said } = await make('mux-av', ['--input-file', archive], output, [
    ...['--user-id', 'alice', '--user-id', 'bob'],
    ...['--container', 'mp4', '--from', '0:06', '--to', '0:24'],
  ]);
  expect(exitCode).toBe(0);
  const alice = (said.files ?? []).find(({ userId }) => userId === 'alice');
  expect(chaptersOf(join(output, alice?.path ?? ''))).toEqual(['0 bob joins', '8 bob leaves']);
});
