import { readdirSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeCall } from '@rawreel/fixtures';
import { filmOf, type MeasuredFilm, type Seen } from './film.ts';
import { ffmpeg, input, making, output, quick, WORK } from './inputs.ts';
import { measure, median, type Work } from './measure.ts';
import { measureTree } from './measure-tree.ts';

const seconds = (whole: number): number => (quick ? 10 : whole);

interface Scene {
  readonly name: string;
  readonly participants: number;
  readonly seconds: number;
  readonly shares: number;
}

const SCENES: readonly Scene[] = [
  {
    name: '4 people and a shared screen',
    participants: 5,
    seconds: seconds(60),
    shares: 1,
  },
  {
    name: '50 people, 16 of them seen',
    participants: 50,
    seconds: seconds(60),
    shares: 0,
  },
];

/** Of each film and of what it is compared with, in turn. */
const ROUNDS = quick ? 1 : 3;

/** A film of generated calls, beside ffmpeg doing only what any composite must: decode and scale what is seen, and encode. */
export async function composites(): Promise<string[]> {
  const lines = [
    '| composite, 1280×720 at 25, x264 veryfast | × real time | CPU s | CPU s of ffmpeg alone | share | peak of Node, MiB |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const scene of SCENES) lines.push(await rowOf(scene));
  return lines;
}

async function rowOf({ name, participants, seconds: length, shares }: Scene): Promise<string> {
  const archive = await input(`film-${participants}x${length}-${shares}.zip`, (path) =>
    writeLargeCall(path, { participants, seconds: length, shares, loopSeconds: 10 }),
  );
  const camera = await cameraOf(archive);
  const raw = join(WORK, 'film.yuv');
  const films: MeasuredFilm[] = [];
  const alone: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    const film = await filmOf(archive);
    films.push(film);
    await measure(ffmpeg('-i', film.path, '-f', 'rawvideo', raw));
    alone.push(await cpuOf([...film.seen.map((size) => decode(camera, size)), encode(raw)]));
  }
  rmSync(raw);
  const figures = [
    median(films.map(({ wallSeconds }) => length / wallSeconds)),
    median(films.map(({ cpuSeconds }) => cpuSeconds)),
    median(alone),
    median(films.map(({ cpuSeconds }, round) => cpuSeconds / (alone[round] ?? Number.NaN))),
  ];
  const peak = Math.max(...films.map(({ peakMiB }) => peakMiB));
  return `| ${name}, ${length} s | ${figures.map((figure) => figure.toFixed(2)).join(' | ')} | ${peak} |`;
}

/** One camera as a file. All of a large call are the same. */
async function cameraOf(archive: string): Promise<string> {
  await measure(making('camera', 'extract-video', archive, '--user-id', 'user-1'));
  const camera = join(WORK, 'camera.mkv');
  renameSync(join(output, readdirSync(output).find((file) => file.endsWith('.mkv')) ?? ''), camera);
  return camera;
}

const decode = (camera: string, { width, height }: Seen): Work => {
  const filter = `fps=25,scale=${width}:${height}:flags=bilinear,format=yuv420p`;
  return ffmpeg('-threads', '1', '-i', camera, '-an', '-vf', filter, '-f', 'rawvideo', '/dev/null');
};

const encode = (raw: string): Work =>
  ffmpeg(
    ...['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', '1280x720', '-framerate', '25', '-i', raw],
    ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '100', '-f', 'null', '-'],
  );

/** Of works that are done one after the other. */
async function cpuOf(works: readonly Work[]): Promise<number> {
  let seconds = 0;
  for (const work of works) seconds += (await measureTree(work)).cpuSeconds;
  return seconds;
}
