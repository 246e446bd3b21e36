/**
 * The sets that tests are in: quick ones are a room's inner loop, slow ones make media, kill processes or wait for real
 * servers, the last install what `npm run pack` and `npm run single-file` have made.
 */
const ALL = ['{packages,apps,tooling,test}/*/test/**/*.test.ts', 'examples/test/**/*.test.ts'];

/** Files that take more than three seconds on two quiet cores, where their room would take more than twenty with them. */
const SLOW = [
  'apps/cli/test/{control,process}.test.ts',
  'packages/archive/test/{bombs,hostile}.test.ts',
  'packages/jobs/test/{crash,embedded,notifications,notify}.test.ts',
  'packages/matroska/test/oracles.test.ts',
  'packages/storage/test/{crash,remote-object,upload}.test.ts',
  'tooling/fixtures/test/{judge,payload}.test.ts',
  'test/{chaos,clocks,fuzz}/test/**/*.test.ts',
  'test/e2e/test/!(documentation).test.ts',
];

const INSTALL = ['test/e2e/test/{install,single-file}.test.ts'];

export const SETS = {
  quick: { include: ALL, exclude: [...SLOW, ...INSTALL] },
  slow: { include: SLOW, exclude: INSTALL },
  install: { include: INSTALL, exclude: [] },
};
