import { join } from 'node:path';
import { mixTracks } from '../../../dist/mix/mix-tracks.js';
import { startWorkers } from '../../../dist/run/start-workers.js';
import { placedCall } from './placed-tracks.ts';

/** Mixes a hundred tracks of ten segments each into an mp3 in the folder that is given, in two threads. */
const [, , folder = '.'] = process.argv;
const segments = Array.from({ length: 10 }, (_, index) => ({ startMs: index * 600, durationMs: 400 }));
const call = await placedCall(folder, {
  seed: 1,
  users: Array.from({ length: 100 }, (_, index) => ({
    id: `user-${index}`,
    sessions: [{ tracks: [{ kind: 'audio', hz: 500, network: { delayMs: 0, jitterMs: 0 }, segments }] }],
  })),
});
const workers = startWorkers(
  call.tracks.map(({ track }) => track),
  2,
  { onProgress: () => undefined },
);
const { durationMs } = await mixTracks({
  path: join(folder, 'many.mp3'),
  format: 'mp3',
  layout: 'mono',
  zeroUnixMs: call.zeroUnixMs,
  title: 'many',
  madeBy: 'test 1',
  tracks: call.tracks,
  threads: workers.decoding,
});
await workers[Symbol.asyncDispose]();
const count = call.tracks.reduce((sum, { scans }) => sum + scans.length, 0);
process.stdout.write(JSON.stringify({ tracks: call.tracks.length, segments: count, durationMs }));
