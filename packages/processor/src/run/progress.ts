/** What runPlan tells while it works; bytes are inflated rtpdump bytes. */
export type ProgressEvent =
  | { readonly type: 'track-started'; readonly file: string; readonly totalBytes: number }
  | {
      readonly type: 'track-progress';
      readonly file: string;
      readonly stage: 'scan' | 'write';
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly type: 'track-finished';
      readonly file: string;
      readonly byteLength: number;
      readonly durationMs: number;
    }
  | { readonly type: 'track-failed'; readonly file: string; readonly code: string; readonly message: string };
