import { relative } from 'node:path';
import type { Ledger, Outputs, RecordingWithHistory, WorkerEvent } from '@rawreel/jobs';
import { isAddress } from '@rawreel/storage/address';
import { formatBytes } from '@rawreel/text';
import type { Log } from './log.ts';
import { shownSeconds } from './shown-times.ts';

/** Logs the attempts of a worker and their results. */
export function logWork(
  log: Log,
  {
    ledger,
    verifies,
  }: {
    readonly ledger: Pick<Ledger, 'recording'>;
    /** Whether its files were compared with their source. */
    readonly verifies: (recording: RecordingWithHistory) => boolean;
  },
): (event: WorkerEvent) => Promise<void> {
  const begunAt = new Map<string, number>();
  return async (event) => {
    if (event.kind === 'stopped') return;
    const { recording, attempt } = event;
    const { id, callCid } = recording;
    const fields = { recording: id, attempt };
    if (event.kind === 'claimed') {
      begunAt.set(id, performance.now());
      log({ level: 'info', callCid, text: `attempt ${attempt} started`, fields });
      return;
    }
    const tookMs = performance.now() - (begunAt.get(id) ?? performance.now());
    begunAt.delete(id);
    const { result } = event;
    switch (result.outcome) {
      case 'stored':
        log({
          level: 'info',
          callCid,
          text: `${shownFiles(result.outputs, verifies(recording))} in ${shownSeconds(tookMs)} → ${shownPlace(result.outputs.destination)}`,
          fields: { ...fields, ...result.outputs, tookMs: Math.round(tookMs) },
        });
        return;
      case 'failed': {
        const now = await ledger.recording(id).catch(() => undefined);
        log({
          level: now?.state === 'failed' || now?.state === 'expired' ? 'error' : 'warn',
          callCid,
          text: `attempt ${attempt} failed (${result.kind}): ${result.message}; ${whatNext(now)}`,
          fields: { ...fields, cause: result.kind, state: now?.state },
        });
        return;
      }
      case 'handed-back':
        log({ level: 'info', callCid, text: `attempt ${attempt} handed back`, fields });
        return;
      case 'refused':
        log({
          level: 'warn',
          callCid,
          text: `attempt ${attempt} finished too late: another worker has taken over`,
          fields,
        });
        return;
      default:
        result satisfies never;
    }
  };
}

/** From the working folder, where that is shorter to read. */
function shownPlace(destination: string): string {
  const way = isAddress(destination) ? destination : relative('', destination);
  return way.startsWith('..') ? destination : way;
}

const shownFiles = ({ files, bytes }: Outputs, verify: boolean): string =>
  `${files} ${files === 1 ? 'file' : 'files'} (${formatBytes(bytes)})${verify ? ', verified,' : ''}`;

function whatNext(recording: RecordingWithHistory | undefined): string {
  if (recording?.retryAtMs === undefined || recording.state !== 'queued')
    return recording?.state === 'queued' ? 'tried again soon' : 'given up';
  return `tried again in ${shownSeconds(Math.max(0, recording.retryAtMs - Date.now()))}`;
}
