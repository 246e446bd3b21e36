import type { Fact, RecordingSummary, RecordingWithHistory } from '@rawreel/jobs';

/** Text as it may be shown to whoever has a token: links without their signatures, and nothing that is secret. */
export type Redact = (text: string) => string;

const timeOf = (ms: number | undefined): string | undefined =>
  ms === undefined ? undefined : new Date(ms).toISOString();

/** A recording as the API shows it in lists; times are RFC 3339. */
export function shownRecording(recording: RecordingSummary, redact: Redact) {
  const { id, apiKey, callCid, egressId, sessionId, filename, isInferred, state, attempt, worker } =
    recording;
  const { sizeBytes, failure, outputs } = recording;
  return {
    id,
    apiKey,
    call: callCid,
    egressId,
    sessionId,
    filename,
    isInferred,
    state,
    since: timeOf(recording.sinceMs),
    attempt,
    worker,
    beginsAt: timeOf(recording.beginsMs),
    endsAt: timeOf(recording.endsMs),
    sizeBytes,
    expiresAt: timeOf(recording.expiresAtMs),
    failure: failure && { kind: failure.kind, message: redact(failure.message) },
    retryAt: timeOf(recording.retryAtMs),
    outputs: outputs && {
      ...outputs,
      destination: redact(outputs.destination),
      manifest: redact(outputs.manifest),
    },
  };
}

/** One with all that is known of it. */
export function shownHistory(recording: RecordingWithHistory, redact: Redact) {
  const { link, lease, holds, facts } = recording;
  return {
    ...shownRecording(recording, redact),
    link: link && {
      url: redact(link.url),
      startsAt: timeOf(link.startMs),
      endsAt: timeOf(link.endMs),
      sizeBytes: link.sizeBytes,
      expiresAt: timeOf(link.expiresAtMs),
      at: timeOf(link.atMs),
    },
    lease: lease && { worker: lease.worker, attempt: lease.attempt, until: timeOf(lease.untilMs) },
    holds: holds.map(({ worker, why, atMs }) => ({ worker, why: redact(why), at: timeOf(atMs) })),
    facts: facts.map((fact) => shownFact(fact, redact)),
  };
}

/** What times of facts are called outside. */
const TIME_NAMES: ReadonlyMap<string, string> = new Map([
  ['atMs', 'at'],
  ['startMs', 'startsAt'],
  ['endMs', 'endsAt'],
  ['expiresAtMs', 'expiresAt'],
  ['retryAtMs', 'retryAt'],
]);

/** The names of the call and of the source are left as they are; whatever else is text may quote a link. */
function shownFact({ callCid: _, source, ...fact }: Fact, redact: Redact) {
  const shown = Object.entries(fact).map(([name, value]) => {
    const time = TIME_NAMES.get(name);
    if (time !== undefined) return [time, timeOf(value as number)];
    return [name, typeof value === 'string' ? redact(value) : value];
  });
  return { ...Object.fromEntries(shown), source };
}
