import type { ListedRecording } from '@rawreel/recording-control';
import { printable } from '@rawreel/text';
import { recordingTable } from '../../../control/recording-table.ts';
import type { Explained } from '../../../failure/explain.ts';

/** A recording and whose it is. */
export interface Swept extends ListedRecording {
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
  readonly recording: Swept;
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
  readonly recordings: readonly Swept[];
  readonly failures: readonly Failure[];
}

export function table(recordings: readonly Swept[], width: number | undefined): readonly string[] {
  const byCall = (recording: ListedRecording) => printable((recording as Swept).call);
  const options = { width, now: Date.now(), withTypes: false, callOf: byCall };
  return recordingTable(recordings, options).lines;
}
