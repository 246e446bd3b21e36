// node fill-heap.ts garbage [little]: makes garbage that has been promoted, beside what lives on; prints how large the heap got, MB.
// node fill-heap.ts [small]: fills the young generations of the main thread and of a worker with what lives on; prints how large they got, MB.
import { getHeapSpaceStatistics, getHeapStatistics } from 'node:v8';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { keepGarbageLittle, keepHeapSmall } from '../src/small-heap.ts';

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

function largestHeap(): number {
  const kept: object[] = [];
  for (let at = 0; at < 400_000; at++) kept.push({ at });
  let queue: object[] = [];
  let largest = 0;
  for (let at = 0; at < 6_000_000; at++) {
    queue.push({ at });
    if (queue.length > 60_000) queue = queue.slice(30_000);
    if (at % 10_000 === 0) largest = Math.max(largest, getHeapStatistics().used_heap_size);
  }
  return kept.length === 0 ? 0 : largest / 2 ** 20;
}

if (process.argv.includes('garbage')) {
  keepHeapSmall();
  if (process.argv.includes('little')) keepGarbageLittle();
  process.stdout.write(JSON.stringify({ largest: largestHeap() }));
} else if (isMainThread) {
  if (process.argv.includes('small')) keepHeapSmall();
  const own = largestYoungGeneration();
  const worker = new Worker(new URL(import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 8 } });
  worker.on('message', (ofWorker: number) => process.stdout.write(JSON.stringify({ own, ofWorker })));
} else {
  parentPort?.postMessage(largestYoungGeneration());
}
