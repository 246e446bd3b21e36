/**
 * The sets that tests are in: quick ones are a room's inner loop, slow ones make media, kill processes or wait for real
 * servers, the last install what `npm run pack` and `npm run single-file` have made.
 */
const ALL = ['{packages,apps,tooling,test}/*/test/**/*.test.ts', 'examples/test/**/*.test.ts'];

/** Without them the tests of each room take less than twenty seconds on two quiet cores. */
const SLOW = [
  'apps/cli/test/{control,process}.test.ts',
  'apps/webhook/test/service/*.test.ts',
  'apps/webhook/test/{http/hostile,http/ledger,queues/queue-consumer,reconcile/look,reconcile/reconciler}.test.ts',
  'packages/jobs/test/{crash,embedded,notifications,notify,work}.test.ts',
  'packages/processor/test/{mix/mix-tracks,speech/turns-of,write/audio-drift}.test.ts',
  'packages/processor/test/run/{filling,run-plan,unusable-tracks}.test.ts',
  'packages/processor/test/verify/{other-writers,verify-file}.test.ts',
  'packages/storage/test/{crash,remote-object,upload}.test.ts',
  'test/chaos/test/*.test.ts',
  'test/e2e/test/!(documentation).test.ts',
  'test/fuzz/test/fuzz.test.ts',
];

const INSTALL = ['test/e2e/test/{install,single-file}.test.ts'];

export const SETS = {
  quick: { include: ALL, exclude: [...SLOW, ...INSTALL] },
  slow: { include: SLOW, exclude: INSTALL },
  install: { include: INSTALL, exclude: [] },
};
