import type { ProgressEvent } from '@rawreel/processor';
import type { TransferProgress } from '@rawreel/storage';

/** Tells how a run goes; `stop` leaves the terminal as it was. */
export interface Progress {
  onProgress(event: ProgressEvent): void;
  readonly onTransfer: (event: TransferProgress) => void;
  stop(): void;
}

export const NO_PROGRESS: Progress = {
  onProgress: () => undefined,
  onTransfer: () => undefined,
  stop: () => undefined,
};
