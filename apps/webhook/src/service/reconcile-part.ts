import { createRecordingControl } from '@rawreel/recording-control';
import { createReconciler } from '../reconcile/reconciler.ts';
import { tracedLook } from '../telemetry/traced-look.ts';
import { logLook } from './log-look.ts';
import type { Part, ServiceContext } from './part.ts';

const HOUR_MS = 3600_000;

/** Asks Stream for recordings that no event has reported. */
export function reconcilePart({ jobs: { ledger }, config, log, metrics }: ServiceContext): Part {
  const { apps, reconcileSeconds, reconcileOverlapSeconds, reconcileAllHours, retentionDays } = config;
  const reconciler = createReconciler({
    apps: apps.map(({ apiKey, secrets: [secret = ''], baseUrl }) => ({
      apiKey,
      control: createRecordingControl({ apiKey, secret, baseUrl }),
    })),
    ledger,
    watch: tracedLook((end) => {
      metrics.looked(end);
      logLook(log, end);
    }),
    everyMs: reconcileSeconds * 1000,
    overlapMs: reconcileOverlapSeconds * 1000,
    allEveryMs: reconcileAllHours * HOUR_MS,
    retentionMs: retentionDays * 24 * HOUR_MS,
    onWarning: (warning) => {
      const { code, message } = warning;
      const recording = 'recording' in warning ? warning.recording : undefined;
      const callCid = 'callCid' in warning ? warning.callCid : recording?.callCid;
      log({ level: 'warn', callCid, text: message, fields: { code, recording: recording?.id } });
    },
  });
  reconciler.start();
  return reconciler;
}
