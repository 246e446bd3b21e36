// A worker in a process of its own, to be killed, frozen and thawed. It tells its parent what it does, and its handler ends when the
// parent says so, whatever its signal says: a program that does not listen is the worse case.
import { type Job, type Outputs, openJobs } from '../../src/index.ts';

export interface WorkerMessage {
  readonly kind: 'claimed' | 'aborted' | 'ended' | 'error';
  readonly callCid?: string;
  readonly attempt?: number;
  readonly outcome?: string;
}

const [databaseUrl = '', name = '', leaseMs = ''] = process.argv.slice(2);
const tell = (message: WorkerMessage): void => {
  process.send?.(message);
};

async function handler({ recording, attempt, signal }: Job): Promise<Outputs> {
  signal.addEventListener('abort', () => tell({ kind: 'aborted', attempt }));
  const told = new Promise((resolve) => process.once('message', resolve));
  tell({ kind: 'claimed', callCid: recording.callCid, attempt });
  await told;
  return { destination: `by ${name}`, files: 1, bytes: 1, manifest: `by ${name}/manifest.json` };
}

const jobs = await openJobs({
  databaseUrl,
  leaseMs: Number(leaseMs),
  onError: () => tell({ kind: 'error' }),
});
jobs.work(handler, {
  name,
  pollMs: 50,
  tell: (event) => {
    if (event.kind === 'ended')
      tell({ kind: 'ended', attempt: event.attempt, outcome: event.result.outcome });
  },
});
