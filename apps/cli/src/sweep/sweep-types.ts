import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import type { Explained } from '../failure/explain-error.ts';
import { recordingTable } from '../stream/recording-table.ts';

/** A recording and the call that it is of. */
export interface SweptRecording extends ListedRecording {
  readonly call: string;
}

export type State =
  | 'listed'
  | 'downloaded'
  | 'processed'
  | 'deleted'
  | 'alreadyThere'
  | 'notThere'
  | 'failed'
  | 'interrupted';

export interface Outcome {
  readonly recording: SweptRecording;
  readonly state: State;
  /** Where the archive, or the media files, are or would be. */
  readonly path?: string | undefined;
  readonly exitCode: number;
  readonly error?: Explained | undefined;
}

export interface Failure {
  readonly call: string;
  readonly error: Explained;
}

/** What was found, before anything is done with it. */
export interface Found {
  readonly calls: number;
  readonly recordings: readonly SweptRecording[];
  readonly failures: readonly Failure[];
}

export function sweptTable(
  recordings: readonly SweptRecording[],
  width: number | undefined,
): readonly string[] {
  const byCall = (recording: ListedRecording) => printable((recording as SweptRecording).call);
  const options = { width, now: Date.now(), withTypes: false, callOf: byCall };
  return recordingTable(recordings, options).lines;
}
