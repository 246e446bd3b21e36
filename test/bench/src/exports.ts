import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { writeLargeCall } from '@rawreel/fixtures';
import { ffmpeg, input, making, output, quick, WORK } from './inputs.ts';
import { measure } from './measure.ts';
import { measureTree } from './measure-tree.ts';

const PEOPLE = 5;
const SECONDS = quick ? 10 : 60;

/** What ffmpeg does of a person's files, by itself, for each purpose: the same encoding, of pictures in the same size. */
const ALONE = {
  editor: (camera: string, microphone: string) => [
    [
      ...['-i', camera, '-i', microphone, '-vf', 'fps=25,scale=1280:720:flags=bilinear,format=yuv420p'],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '23', '-g', '25', '-bf', '0', '-c:a', 'aac'],
      ...['-f', 'mp4'],
    ],
    ['-i', microphone, '-c:a', 'pcm_s16le', '-f', 'wav'],
  ],
  podcast: (_: string, microphone: string) => [['-i', microphone, '-c:a', 'flac', '-f', 'flac']],
  transcription: (_: string, microphone: string) => [
    ['-i', microphone, '-ar', '16000', '-ac', '1', '-c:a', 'flac', '-f', 'flac'],
  ],
} as const;

/** A call handed on for each purpose, beside ffmpeg doing the same encoding alone. */
export async function exports(): Promise<string[]> {
  const archive = await input(`film-${PEOPLE}x${SECONDS}.zip`, (path) =>
    writeLargeCall(path, { participants: PEOPLE, seconds: SECONDS, loopSeconds: 10 }),
  );
  const people = await tracksOf(archive);
  const lines = [
    `| export of ${PEOPLE} people, 720p VP8 and Opus, ${SECONDS} s | × real time | CPU s | CPU s of ffmpeg alone | share |`,
    '| --- | --- | --- | --- | --- |',
  ];
  for (const [purpose, commandsOf] of Object.entries(ALONE)) {
    const work = making(purpose, 'export', archive, '--for', purpose);
    const { wallSeconds, cpuSeconds } = await measureTree(work);
    const commands: (readonly string[])[] = people.flatMap(([camera, microphone]) =>
      commandsOf(camera, microphone),
    );
    if (purpose === 'podcast') commands.push(mixOf(people.map(([, microphone]) => microphone)));
    let alone = 0;
    for (const each of commands) alone += (await measureTree(ffmpeg(...each, '/dev/null'))).cpuSeconds;
    const figures = [SECONDS / wallSeconds, cpuSeconds, alone, cpuSeconds / alone];
    lines.push(`| \`--for ${purpose}\` | ${figures.map((figure) => figure.toFixed(2)).join(' | ')} |`);
  }
  return lines;
}

/** At the loudness of a podcast, which is measured first. */
function mixOf(microphones: readonly string[]): readonly string[] {
  const graph = `amix=inputs=${microphones.length},asplit[measured][mix];[measured]ebur128,anullsink`;
  const sound = ['-map', '[mix]', '-c:a', 'libmp3lame', '-b:a', '96k', '-f', 'mp3'];
  return [...microphones.flatMap((each) => ['-i', each]), '-filter_complex', graph, ...sound];
}

/** Each person's camera and microphone, as files. */
async function tracksOf(archive: string): Promise<readonly (readonly [string, string])[]> {
  const folder = join(WORK, 'export-tracks');
  rmSync(folder, { recursive: true, force: true });
  for (const kind of ['extract-video', 'extract-audio']) {
    const { name, command } = making(kind, kind, archive);
    const [program, ...args] = command;
    await measure({ name, command: [program, ...args.map((word) => (word === output ? folder : word))] });
  }
  const files = readdirSync(folder).sort();
  const ofKind = (kind: string) =>
    files.filter((file) => file.includes(kind)).map((file) => join(folder, file));
  const microphones = ofKind('_audio_only_');
  return ofKind('_video_only_').map((camera, index) => [camera, microphones[index] ?? '']);
}
