import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { writeLargeCall } from '@rawreel/fixtures';
import { findBeeps, listenAudio, opusLookAheadMs, watchVideo } from '@rawreel/fixtures/judge';
import { filmOf } from './film.ts';
import { input, quick, WORK } from './inputs.ts';

const MINUTES = quick ? [1, 6, 18] : [10, 60, 180];
const VIDEO = { codec: 'vp8', width: 320, height: 180, fps: 10, bitrate: 60_000, texture: 0 } as const;
const LOOK = ['--size', '640x180', '--fps', '10', '--no-labels', '--preset', 'ultrafast'];

/** What the generator's first microphone beeps at. */
const HZ = 1000;

/** How far from the end is looked and listened. */
const LAST_SECONDS = 30;

/** Films of the same call in several lengths: what grows with it, and whether lips and voice are still together at the end. */
export async function longFilms(): Promise<string[]> {
  const lines = [
    '| 2 people, 640×180 at 10, x264 ultrafast | × real time | CPU s | peak of Node, MiB | at its end: beep behind flash, ms |',
    '| --- | --- | --- | --- | --- |',
  ];
  for (const minutes of MINUTES) lines.push(await rowOf(minutes));
  return lines;
}

async function rowOf(minutes: number): Promise<string> {
  const seconds = minutes * 60;
  const archive = await input(`long-film-${seconds}.zip`, (path) =>
    writeLargeCall(path, { participants: 2, seconds, video: VIDEO, loopSeconds: 10 }),
  );
  const { path, wallSeconds, cpuSeconds, peakMiB } = await filmOf(archive, ...LOOK);
  const late = await beepsBehindFlashes(path, seconds - LAST_SECONDS);
  const [least, most] = [Math.min(...late), Math.max(...late)];
  return `| ${minutes} min | ${(seconds / wallSeconds).toFixed(1)} | ${cpuSeconds.toFixed(0)} | ${peakMiB} | ${least.toFixed(1)} to ${most.toFixed(1)} |`;
}

/** From each flash of the first tile to the beep that is nearest, from a moment of the film on. */
async function beepsBehindFlashes(path: string, fromSeconds: number): Promise<number[]> {
  const end = join(WORK, 'end.mkv');
  const { status, stderr } = spawnSync('ffmpeg', [
    ...[
      '-v',
      'error',
      '-y',
      '-copyts',
      '-ss',
      `${fromSeconds}`,
      '-i',
      path,
      '-vf',
      'crop=320:180:0:0:exact=1',
    ],
    ...['-fps_mode', 'passthrough', '-c:v', 'ffv1', '-c:a', 'pcm_s16le', end],
  ]);
  if (status !== 0) throw new Error(`${stderr}`);
  const { frames } = await watchVideo(end);
  const beeps = findBeeps(await listenAudio(end), HZ).map(({ onsetMs }) => onsetMs - opusLookAheadMs);
  const flashes = frames.filter(({ flash }, index) => flash && frames[index - 1]?.flash === false);
  if (flashes.length < LAST_SECONDS - 3) throw new Error(`${flashes.length} flashes in ${LAST_SECONDS} s`);
  return flashes.map(({ ptsMs }) => {
    const behind = beeps.map((beep) => beep - ptsMs);
    return behind.reduce((best, each) => (Math.abs(each) < Math.abs(best) ? each : best));
  });
}
