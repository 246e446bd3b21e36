import { createRecordingControl } from '@rawreel/recording-control';
import { createReconciler } from '../reconcile/reconciler.ts';
import { watchedLook } from '../telemetry/watched-look.ts';
import type { Part, Surroundings } from './part.ts';
import { tellLook } from './tell-look.ts';

const HOUR_MS = 3600_000;

/** Where events come in, what they should have told is asked for, too. */
export function reconcilePart({ jobs: { ledger }, config, log, metrics }: Surroundings): Part {
  const { apps, reconcileSeconds, reconcileOverlapSeconds, reconcileAllHours, retentionDays } = config;
  const reconciler = createReconciler({
    apps: apps.map(({ apiKey, secrets: [secret = ''], baseUrl }) => ({
      apiKey,
      control: createRecordingControl({ apiKey, secret, baseUrl }),
    })),
    ledger,
    watch: watchedLook((end) => {
      metrics.looked(end);
      tellLook(log, end);
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
