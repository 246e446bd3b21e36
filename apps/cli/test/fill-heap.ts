// node fill-heap.ts [small]: fills the young generations of the main thread and of a worker with what lives on; prints how large they got, MB.
import { getHeapSpaceStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { keepHeapSmall } from '../src/small-heap.ts';

function largestYoungGeneration(): number {
  let kept: object[] = [];
  let largest = 0;
  for (let at = 0; at < 1_000_000; at++) {
    kept.push({ at });
    if (kept.length > 200_000) kept = kept.slice(100_000);
    if (at % 50_000 > 0) continue;
    const young = getHeapSpaceStatistics().find((space) => space.space_name === 'new_space');
    largest = Math.max(largest, young?.space_size ?? 0);
  }
  return largest / 2 ** 20;
}

if (isMainThread) {
  if (process.argv.includes('small')) keepHeapSmall();
  const own = largestYoungGeneration();
  const worker = new Worker(new URL(import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 8 } });
  worker.on('message', (ofWorker: number) => process.stdout.write(JSON.stringify({ own, ofWorker })));
} else {
  parentPort?.postMessage(largestYoungGeneration());
}
