/**
 * What runPlan tells while it works. Tracks are named by their number in the plan, outputs by their file; `bytes` are
 * inflated rtpdump bytes, for a mix in proportion to what is mixed.
 */
export type ProgressEvent =
  | { readonly type: 'scan-started'; readonly track: number; readonly totalBytes: number }
  | {
      readonly type: 'scan-progress';
      readonly track: number;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | { readonly type: 'scan-finished'; readonly track: number }
  | { readonly type: 'output-started'; readonly file: string; readonly totalBytes: number }
  | {
      readonly type: 'output-progress';
      readonly file: string;
      readonly bytes: number;
      readonly totalBytes: number;
    }
  | {
      readonly type: 'output-finished';
      readonly file: string;
      readonly byteLength: number;
      readonly durationMs: number;
    }
  | {
      readonly type: 'output-failed';
      readonly file: string;
      readonly code: string;
      readonly message: string;
    };
