import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { type SeenVideo, watchVideo } from '@rawreel/fixtures/judge';
import type { Place } from '../../src/plan/scene-list.ts';

const execute = promisify(execFile);

/** What is seen at a place of a film, all along: cut out without loss, turned back where it was turned, and read. */
export async function watchTile(
  path: string,
  { x, y, width, height }: Place,
  turnedBack: 'no' | 'counterclockwise' = 'no',
): Promise<SeenVideo> {
  const cut = `${path}-${x}-${y}-${width}-${height}.mkv`;
  const turn = turnedBack === 'no' ? '' : ',transpose=cclock';
  await execute('ffmpeg', [
    ...['-v', 'error', '-y', '-i', path, '-an', '-vf', `crop=${width}:${height}:${x}:${y}:exact=1${turn}`],
    ...['-fps_mode', 'passthrough', '-c:v', 'ffv1', '-level', '3', cut],
  ]);
  return await watchVideo(cut);
}
