/**
 * The sets that tests are in: quick ones are a room's inner loop, slow ones make media, kill processes, wait for real
 * servers or replace modules, which the quick ones share; the last install what `npm run pack` and `npm run single-file` have made.
 */
const ALL = ['{packages,apps,tooling,test}/*/test/**/*.test.ts', 'examples/test/**/*.test.ts'];

/** Without them the tests of a room take less than 20 s on two quiet cores. */
const SLOW = [
  'apps/cli/test/everyday.test.ts',
  'apps/cli/test/hostile-text.test.ts',
  'apps/cli/test/process.test.ts',
  'apps/cli/test/proxy.test.ts',
  'apps/cli/test/readme.test.ts',
  'apps/cli/test/record-a-call.test.ts',
  'apps/cli/test/recording-watch.test.ts',
  'apps/cli/test/stream-commands.test.ts',
  'apps/webhook/test/check/check.test.ts',
  'apps/webhook/test/http/hostile.test.ts',
  'apps/webhook/test/http/ledger.test.ts',
  'apps/webhook/test/queues/queue-consumer.test.ts',
  'apps/webhook/test/readme.test.ts',
  'apps/webhook/test/reconcile/look.test.ts',
  'apps/webhook/test/reconcile/reconciler.test.ts',
  'apps/webhook/test/service/*.test.ts',
  'packages/archive/test/entry/inflater.test.ts',
  'packages/archive/test/hostile.test.ts',
  'packages/jobs/test/backlog.test.ts',
  'packages/jobs/test/crash.test.ts',
  'packages/jobs/test/embedded.test.ts',
  'packages/jobs/test/examine.test.ts',
  'packages/jobs/test/ledger.test.ts',
  'packages/jobs/test/notifications.test.ts',
  'packages/jobs/test/notify.test.ts',
  'packages/jobs/test/work.test.ts',
  'packages/processor/test/composite/chunks.test.ts',
  'packages/processor/test/composite/film.test.ts',
  'packages/processor/test/handoff/write-timeline.test.ts',
  'packages/processor/test/inspect/capture.test.ts',
  'packages/processor/test/inspect/causes.test.ts',
  'packages/processor/test/inspect/near-misses.test.ts',
  'packages/processor/test/mix/mix-tracks.test.ts',
  'packages/processor/test/mix/opus-decoding.test.ts',
  'packages/processor/test/report/manifest.test.ts',
  'packages/processor/test/run/cut.test.ts',
  'packages/processor/test/run/damaged-arrivals.test.ts',
  'packages/processor/test/run/existing-files.test.ts',
  'packages/processor/test/run/filling.test.ts',
  'packages/processor/test/run/handoff.test.ts',
  'packages/processor/test/run/run-plan.test.ts',
  'packages/processor/test/run/transcription.test.ts',
  'packages/processor/test/run/unusable-tracks.test.ts',
  'packages/processor/test/scrub/scrub-recording.test.ts',
  'packages/processor/test/speech/turns-of.test.ts',
  'packages/processor/test/transcript/transcriber.test.ts',
  'packages/processor/test/verify/bridges.test.ts',
  'packages/processor/test/verify/hostile.test.ts',
  'packages/processor/test/verify/other-writers.test.ts',
  'packages/processor/test/verify/undecodable-source.test.ts',
  'packages/processor/test/verify/verify-file.test.ts',
  'packages/processor/test/write/audio-drift.decoded.test.ts',
  'packages/processor/test/write/audio-drift.test.ts',
  'packages/storage/test/crash.test.ts',
  'packages/storage/test/remote-object.test.ts',
  'packages/storage/test/upload.test.ts',
  'test/chaos/test/*.test.ts',
  'test/e2e/test/!(documentation|sets).test.ts',
  'test/fuzz/test/fuzz.test.ts',
];

const INSTALL = ['test/e2e/test/install.test.ts', 'test/e2e/test/single-file.test.ts'];

export const SETS = {
  // Half the time of a room was each file's own copy of the modules.
  quick: { include: ALL, exclude: [...SLOW, ...INSTALL], isolate: false },
  slow: { include: SLOW, exclude: INSTALL },
  install: { include: INSTALL, exclude: [] },
};
