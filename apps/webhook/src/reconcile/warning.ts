import type { RecordingSummary } from '@rawreel/jobs';

/** What a person may want to know. `message` is one line that says it all. */
export type ReconcileWarning = {
  readonly message: string;
} & (
  | {
      /** It is not done, and its link or file goes away soon. Told once for each time at which it does. */
      readonly code: 'expiring';
      readonly recording: RecordingSummary;
    }
  | {
      /** It was not done in time, its link has expired, and Stream lists it no more. */
      readonly code: 'expired';
      readonly recording: RecordingSummary;
    }
  | {
      /** An entry of Stream's list that is left out, or a call that cannot be asked for. */
      readonly code: 'unusable';
      readonly apiKey: string;
      readonly callCid: string;
    }
  | {
      /** The recordings of one call could not be listed. It is asked again with the next look. */
      readonly code: 'call-failed';
      readonly apiKey: string;
      readonly callCid: string;
      readonly error: unknown;
    }
  | {
      /** An app could not be looked at: Stream refuses or does not answer, or the ledger does not. */
      readonly code: 'app-failed';
      readonly apiKey: string;
      readonly error: unknown;
      /** When it is tried again, in milliseconds since 1970. */
      readonly againAtMs: number;
    }
);

export type OnWarning = (warning: ReconcileWarning) => void;
