import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { audioCall, making, rawreel, videoCall, WORK } from './inputs.ts';
import { rounds } from './measure.ts';
import { heading, megabytes, row } from './table.ts';

/** Archive → a file per track, against throwing the inflated bytes away and against copying. */
export async function singleTracks(count: number): Promise<string[]> {
  const large = await videoCall(1000);
  const small = await videoCall(100);
  const huge = await videoCall(2000);
  const hour = await audioCall(1, 3600);
  const day = await audioCall(1, 24 * 3600);
  const copy = join(WORK, 'copy');
  const results = await rounds(
    [
      { name: 'unzip', command: ['unzip', '-p', large] },
      { name: 'copy', command: ['cp', large, copy] },
      making('video', 'extract-video', large),
      making('audio of one', 'extract-audio', large, '--user-id', 'user-1'),
      rawreel('list', 'list-tracks', '--input-file', large, '--format', 'users'),
      { name: 'unzip hour', command: ['unzip', '-p', hour] },
      making('hour', 'extract-audio', hour),
      making('day', 'extract-audio', day),
      making('video 100 MB', 'extract-video', small),
      making('video 2 GB', 'extract-video', huge),
    ],
    count,
  );
  rmSync(copy, { force: true });
  const unzip = results.get('unzip');
  return [
    ...heading('`unzip -p`'),
    row(`\`unzip -p\` of ${megabytes(large)}, thrown away`, unzip),
    row('`cp` of the same', results.get('copy'), unzip),
    row('extract-video, 6 people, 720p VP8', results.get('video'), unzip),
    row('extract-audio of one user of it', results.get('audio of one'), unzip),
    row('list-tracks of it', results.get('list'), unzip),
    row(`\`unzip -p\` of an hour of Opus, ${megabytes(hour)}`, results.get('unzip hour')),
    row('extract-audio of that hour', results.get('hour'), results.get('unzip hour')),
    row('extract-audio of 24 hours, across all wraps', results.get('day')),
    row(`extract-video of ${megabytes(small)}`, results.get('video 100 MB')),
    row(`extract-video of ${megabytes(huge)}`, results.get('video 2 GB')),
  ];
}
