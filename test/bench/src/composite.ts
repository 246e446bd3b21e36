import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeCall } from '@rawreel/fixtures';
import { filmOf, measureTree } from './film.ts';
import { input, quick, WORK } from './inputs.ts';
import { measure } from './measure.ts';

const seconds = (whole: number): number => (quick ? 10 : whole);

interface Scene {
  readonly name: string;
  readonly participants: number;
  readonly seconds: number;
  readonly shares: number;
  /** How many are seen, and in which size. */
  readonly seen: readonly { readonly count: number; readonly width: number; readonly height: number }[];
}

const SCENES: readonly Scene[] = [
  {
    name: '4 people and a shared screen',
    participants: 5,
    seconds: seconds(60),
    shares: 1,
    seen: [
      { count: 4, width: 238, height: 134 },
      { count: 1, width: 1018, height: 572 },
    ],
  },
  {
    name: '50 people, 16 of them seen',
    participants: 50,
    seconds: seconds(20),
    shares: 0,
    seen: [{ count: 16, width: 298, height: 168 }],
  },
];

/** A film of generated calls, beside ffmpeg doing only what any composite must: decode and scale what is seen, and encode. */
export async function composites(): Promise<string[]> {
  const lines = [
    '| composite, 1280×720 at 25, x264 veryfast | × real time | CPU s | CPU s of ffmpeg alone | share | peak of Node, MiB |',
    '| --- | --- | --- | --- | --- | --- |',
  ];
  for (const scene of SCENES) lines.push(await rowOf(scene));
  return lines;
}

async function rowOf({ name, participants, seconds: length, shares, seen }: Scene): Promise<string> {
  const archive = await input(`film-${participants}x${length}.zip`, (path) =>
    writeLargeCall(path, { participants, seconds: length, loopSeconds: 10 }),
  );
  const film = await filmOf(archive, {}, shares);
  const camera = await cameraOf(archive);
  let alone = 0;
  for (const { count, width, height } of seen) {
    const filter = `fps=25,scale=${width}:${height}:flags=bilinear,format=yuv420p`;
    const one = ['-threads', '1', '-i', camera, '-an', '-vf', filter, '-f', 'rawvideo', '-y', '/dev/null'];
    alone += count * (await cpuOf(['ffmpeg', '-v', 'error', '-nostdin', ...one]));
  }
  const raw = join(WORK, 'film.yuv');
  await measure({
    name: 'raw',
    command: ['ffmpeg', '-v', 'error', '-y', '-i', film.path, '-f', 'rawvideo', raw],
  });
  const size = ['-f', 'rawvideo', '-pix_fmt', 'yuv420p', '-video_size', '1280x720', '-framerate', '25'];
  const coding = ['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '100', '-f', 'null', '-'];
  alone += await cpuOf(['ffmpeg', '-v', 'error', '-nostdin', ...size, '-i', raw, ...coding]);
  rmSync(raw);
  const figures = [length / film.wallSeconds, film.cpuSeconds, alone, film.cpuSeconds / alone];
  return `| ${name}, ${length} s | ${figures.map((figure) => figure.toFixed(2)).join(' | ')} | ${film.peakMiB} |`;
}

/** One camera as a file. All of a large call are the same. */
async function cameraOf(archive: string): Promise<string> {
  const folder = join(WORK, 'camera');
  rmSync(folder, { recursive: true, force: true });
  const { openRecording } = await import('@rawreel/archive');
  const { planRecording, runPlan } = await import('@rawreel/processor');
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['video'], userId: 'user-1' });
  await runPlan(plan, { output: folder, madeBy: 'bench' });
  return join(folder, readdirSync(folder).find((file) => file.endsWith('.mkv')) ?? '');
}

const cpuOf = async (command: readonly string[]): Promise<number> => (await measureTree(command)).cpuSeconds;
