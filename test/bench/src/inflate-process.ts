// node inflate-process.ts <archive>: inflates every dump as a scan does, in as many threads, and throws it away.
import { availableParallelism } from 'node:os';
import { fileURLToPath } from 'node:url';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';
import { type EntryLocation, openEntry, openRecording } from '@rawreel/archive';

if (isMainThread) {
  await using recording = await openRecording(process.argv[2] ?? '');
  const dumps = recording.tracks
    .flatMap(({ segments }) => segments.flatMap(({ dump }) => dump ?? []))
    .sort((a, b) => b.size - a.size);
  await Promise.all(Array.from({ length: availableParallelism() }, () => inflateIn(dumps)));
} else {
  parentPort?.on('message', async (dump: EntryLocation) => {
    for await (const _chunk of openEntry(dump));
    parentPort?.postMessage('done');
  });
}

/** One dump after the other in a thread, until none is left. */
async function inflateIn(waiting: EntryLocation[]): Promise<void> {
  const thread = new Worker(fileURLToPath(import.meta.url));
  const failed = new Promise<never>((_, reject) => thread.on('error', reject));
  for (let dump = waiting.shift(); dump !== undefined; dump = waiting.shift()) {
    thread.postMessage(dump);
    await Promise.race([new Promise((resolve) => thread.once('message', resolve)), failed]);
  }
  await thread.terminate();
}
