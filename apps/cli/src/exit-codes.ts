import type { Report } from '@rawreel/processor';

export const EXIT = {
  /** All that was asked for was made, and nothing read for it was damaged. */
  whole: 0,
  /** Something asked for could not be made, or there is nothing of its kind. */
  failed: 1,
  /** The command line itself makes no sense. */
  usage: 2,
  /** Outputs were made, but from a damaged archive. */
  damaged: 3,
} as const;

const LEFT_OUT: ReadonlySet<string> = new Set(['TRACK_NOT_MIXED', 'TRACK_NOT_MUXED']);

/** A track is missing from a file that was made of several, which makes a run fail. */
export const isLeftOut = ({ code }: Report['problems'][number]): boolean => LEFT_OUT.has(code);

/** How many tracks are missing from files that were made of several. */
export const tracksLeftOut = ({ problems }: Pick<Report, 'problems'>): number =>
  new Set(
    problems
      .filter(isLeftOut)
      .map(({ userId, sessionId, trackId }) => JSON.stringify([userId, sessionId, trackId])),
  ).size;

/** What is missing, an output or a track of one, outweighs damage: accepting damage never turns it into success. */
export function exitCodeOf(report: Report, acceptDamage: boolean): number {
  if (report.failures.length > 0 || report.files.length === 0) return EXIT.failed;
  if (tracksLeftOut(report) > 0) return EXIT.failed;
  return report.damaged && !acceptDamage ? EXIT.damaged : EXIT.whole;
}

/** Of several runs: a file that is missing outweighs damage. */
export function worst(exitCodes: readonly number[]): number {
  return [EXIT.failed, EXIT.damaged].find((code) => exitCodes.includes(code)) ?? EXIT.whole;
}
