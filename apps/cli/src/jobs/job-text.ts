import { formatBytes, printable } from '@rawreel/text';
import { count, dateTime, span } from '../terminal/format-values.ts';
import type { Job, JobFact } from './job.ts';

/** `20 Nov 2026 09:30:00 UTC` */
export const shownTime = (time: string): string => dateTime(Date.parse(time));

/** What there is to say of the state that it is in. */
export function detailOf({ state, outputs, failure, retryAt, worker }: Job, now: number): string {
  if (state === 'done' && outputs) return `${filesOf(outputs)} → ${outputs.destination}`;
  const until = retryAt === undefined ? 0 : Date.parse(retryAt) - now;
  const again = until > 0 ? `again in ${span(until)}` : '';
  const why = failure && `${failure.kind}: ${failure.message}`;
  if (state === 'queued') return [again, why].filter(Boolean).join('; ');
  if (why !== undefined) return why;
  return worker === undefined ? '' : `by ${worker}`;
}

const filesOf = ({
  files = 0,
  bytes = 0,
}: {
  files?: number | undefined;
  bytes?: number | undefined;
}): string => `${count(files, 'file')} (${formatBytes(bytes)})`;

/** `attempt 1 ended: failed (network): no answer` */
export function factWords(fact: JobFact): string {
  const { kind, attempt, stage, outcome, cause, message, why } = fact;
  switch (kind) {
    case 'attempt-began':
      return `attempt ${attempt} began`;
    case 'attempt-stage':
      return `attempt ${attempt}: ${stage}`;
    case 'attempt-ended': {
      const reason = [cause === undefined ? '' : ` (${cause})`, message ? `: ${message}` : ''].join('');
      return `attempt ${attempt} ended: ${outcome}${reason}`;
    }
    case 'outputs-stored':
      return `stored ${filesOf(fact)}`;
    default:
      return `${kind.replaceAll('-', ' ')}${why === undefined ? '' : `: ${why}`}`;
  }
}

export const whoSaid = ({ source: { by, id } }: JobFact): string => (id === undefined ? by : `${by} ${id}`);

/** `default:standup  done  4 files (3.0 MB) → out` */
export const changeLine = (job: Job, now: number): string =>
  [job.call, job.state, detailOf(job, now)]
    .filter((words) => words !== '')
    .map(printable)
    .join('  ');
