import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { writeLargeCall } from '@rawreel/fixtures';
import { input, making, quick, rawreel, WORK } from './inputs.ts';
import { rounds } from './measure.ts';
import { heading, megabytes, row } from './table.ts';

/** What small cameras send: 360p of 200 kbit/s. */
const CAMERA = { codec: 'vp8', width: 640, height: 360, fps: 15, bitrate: 200_000 } as const;

const INFLATE = fileURLToPath(new URL('inflate-process.ts', import.meta.url));

/** Inspecting a call, against extracting its pictures and against inflating alone; and both in one pass. */
export async function inspections(count: number): Promise<string[]> {
  const seconds = quick ? 360 : 3600;
  const call = await input(`ten-${seconds}.zip`, (path) =>
    writeLargeCall(path, { participants: 10, seconds, video: CAMERA, deflated: true }),
  );
  const page = join(WORK, 'page.html');
  const results = await rounds(
    [
      making('video', 'extract-video', call),
      { name: 'unzip', command: ['unzip', '-p', call] },
      { name: 'inflate', command: [process.execPath, INFLATE, call] },
      rawreel('inspect', 'inspect', '--input-file', call),
      rawreel('page', 'inspect', '--input-file', call, '--html', page),
      making('all', 'process-all', call, '--no-mix'),
      making('all with a report', 'process-all', call, '--no-mix', '--report', page),
    ],
    count,
  );
  const video = results.get('video');
  return [
    ...heading('extract-video'),
    row(`extract-video, 10 people for ${seconds / 60} minutes, ${megabytes(call)}`, video),
    row('`unzip -p`, thrown away', results.get('unzip'), video),
    row('inflating alone, in the same threads, thrown away: the floor', results.get('inflate'), video),
    row('inspect', results.get('inspect'), video),
    row('inspect `--html`', results.get('page'), video),
    row('process-all `--no-mix`', results.get('all'), video),
    row('the same with `--report`', results.get('all with a report'), video),
  ];
}
