import type { OnWarning } from '../reconcile/warning.ts';
import type { Log } from './log.ts';

/** Tells what the reconciler warns of. */
export const tellReconciler =
  (log: Log): OnWarning =>
  (warning) => {
    const { code, message } = warning;
    const recording = 'recording' in warning ? warning.recording : undefined;
    const callCid = 'callCid' in warning ? warning.callCid : recording?.callCid;
    log({ level: 'warn', callCid, text: message, fields: { cause: code, recording: recording?.id } });
  };
