import { CODECS } from '@rawreel/rtp';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { MuxedOutput, TrackOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { ReportedGap, Verified } from '../report/report.ts';
import type { TrackProblem } from '../track-problem.ts';
import type { Bridge } from '../verify/bridges/pictures-behind.ts';
import { TimeWitness } from '../verify/clock-evidence/time-witness.ts';
import type { ExpectedFile, ExpectedTrack } from '../verify/expectation.ts';
import { codedFrames, sourceFrames } from '../verify/source-frames.ts';
import { type Verification, verifyFile } from '../verify/verify-file.ts';
import type { WrittenMedia } from '../write/media-writer.ts';
import { type JobEvents, readingOf } from './job.ts';

/** What became of a file that nothing speaks against but perhaps its source. */
export interface VerifiedOutput {
  readonly verified: Verified;
  readonly problems: readonly TrackProblem[];
}

/**
 * Reads a written output back and holds it against its source, read anew.
 *
 * @throws {ProcessorError} ERR_OUTPUT_DIFFERS, naming each mismatch.
 */
export async function verifyOutput(
  settings: OutputSettings,
  output: TrackOutput | MuxedOutput,
  placed: readonly PlacedTrack[],
  written: WrittenMedia,
  path: string,
  events: JobEvents,
): Promise<VerifiedOutput> {
  const { gaps, dtx } = settings.plan;
  const reading = readingOf(settings, events, () => undefined);
  const sources = written.tracks.flatMap(({ kind, trackId, drift, gaps: left }) => {
    const source = placed.find(({ track }) => track.trackId === trackId && track.kind === kind);
    const leftOutAllowed = drift?.packetsLeftOut ?? 0;
    const bridges = left.filter(({ filledWith }) => filledWith === 'black').map(bridgeOf);
    return source === undefined ? [] : [{ source, kind, leftOutAllowed, openMs: openMsOf(left), bridges }];
  });
  const { fileZeroMs } = written;
  const tracks = sources.map(({ source, kind, leftOutAllowed, openMs, bridges }): ExpectedTrack => {
    const witness = new TimeWitness(CODECS[source.codec].clockRate);
    return {
      kind,
      openMs,
      frames: sourceFrames(source, { fileZeroMs, nearMs: settings.zeroUnixMs, witness }, reading),
      codedFrames: () => codedFrames(source, fileZeroMs, reading),
      bridges,
      clock: { witness, uncertaintyMs: source.clock.uncertaintyMs },
      leftOutAllowed,
      filled: gaps === 'fill' && dtx === 'fill',
    };
  });
  const { frames, undecodable } = await expectNoMismatch({ path, tracks }, output.file, settings, events);
  const problems = undecodable.flatMap(({ track: number, ofSource }): TrackProblem[] => {
    const track = sources[number]?.source.track;
    if (track === undefined) return [];
    const { userId, sessionId, trackId, kind } = track;
    const found = `${userId} ${kind} cannot be decoded as recorded: it is encrypted end to end, or cut`;
    const message = `${found}. Its files hold the recorded frames unchanged (${ofSource.words})`;
    return [{ code: 'TRACK_UNDECODABLE', severity: 'damage', message, userId, sessionId, trackId }];
  });
  return { verified: { frames, decodes: problems.length === 0 }, problems };
}

/** Told by the metadata beside what the file itself has in that time, which may be filler. */
const NOT_OF_FILE: ReadonlySet<ReportedGap['reason']> = new Set(['segment-missing', 'tail-missing']);

const bridgeOf = ({ startMs, endMs }: ReportedGap): Bridge => ({ fromMs: startMs, toMs: endMs });

const openMsOf = (gaps: readonly ReportedGap[]): number =>
  gaps
    .filter(({ reason, filledWith }) => filledWith === 'nothing' && !NOT_OF_FILE.has(reason))
    .reduce((sum, { startMs, endMs }) => sum + endMs - startMs, 0);

/** @throws {ProcessorError} ERR_OUTPUT_DIFFERS */
export async function expectNoMismatch(
  expected: ExpectedFile,
  name: string,
  { ffmpegPath }: OutputSettings,
  { signal }: JobEvents,
): Promise<Verification> {
  const verification = await verifyFile(expected, { ffmpegPath, signal });
  const { mismatches } = verification;
  if (mismatches.length === 0) return verification;
  const messages = mismatches.map(({ what, message }) => `${what}: ${message}`).join('; ');
  throw new ProcessorError('ERR_OUTPUT_DIFFERS', `${name} differs from its source: ${messages}`, {
    hint: 'The file was deleted. Run the command again; if it fails again, report it with the output of --verbose.',
  });
}
