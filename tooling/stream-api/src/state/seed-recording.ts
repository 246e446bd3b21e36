import type { RecordingType } from './state.ts';

/** One that is ready. */
export interface SeedRecording {
  readonly type: RecordingType;
  readonly startedAt: Date;
  readonly stoppedAt: Date;
  readonly sessionId?: string;
  readonly filename?: string;
}
