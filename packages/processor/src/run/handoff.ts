import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type FilmWindow, type Rehearsal, rehearse } from '../composite/cast-of.ts';
import { chaptersOf, ffmetadata, momentsOf } from '../composite/chapters.ts';
import type { Timeline } from '../handoff/timeline.ts';
import { type TimelineMedia, timelineOf } from '../handoff/timeline-of.ts';
import { isStereo } from '../jobs/film-sound.ts';
import { type JobEvents, readingOf } from '../jobs/job.ts';
import { mixJob } from '../jobs/mix-job.ts';
import type { SoundJob } from '../jobs/mixed-file.ts';
import { proxyJob } from '../jobs/proxy-job.ts';
import { stemJob } from '../jobs/stem-job.ts';
import { throttled } from '../jobs/throttle.ts';
import { timelineJob } from '../jobs/timeline-job.ts';
import type { WriteResult } from '../jobs/write-job.ts';
import type { MixOutput, Plan, ProxyOutput, StemOutput, TimelineOutput } from '../plan/plan.ts';
import { ProcessorError } from '../processor-error.ts';
import { commonEndOf, commonZeroOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { tenths } from '../tenths.ts';

type Options = Pick<SoundJob, 'settings' | 'threads' | 'verify'>;
type Job = Pick<SoundJob, 'tracks' | 'temporaryName' | 'fillerBytes'>;

/**
 * When a call begins and ends for all that is handed on of it: after a whole number of pictures, so that no clip of a
 * timeline lasts longer than its file.
 */
export function handoffWindow(
  placed: Iterable<PlacedTrack>,
  recordingZeroMs: number,
  { outputs }: Pick<Plan, 'outputs'>,
): FilmWindow {
  const tracks = [...placed];
  const zeroUnixMs = commonZeroOf(tracks, recordingZeroMs);
  const lengthMs = tenths(commonEndOf(tracks, zeroUnixMs) - zeroUnixMs);
  const timeline = outputs.find((output) => output.kind === 'timeline');
  if (timeline === undefined) return { zeroUnixMs, endUnixMs: zeroUnixMs + lengthMs };
  const pictures = Math.ceil((lengthMs * timeline.fps) / 1000);
  return { zeroUnixMs, endUnixMs: zeroUnixMs + (pictures * 1000) / timeline.fps };
}

/** What is handed on of a run: all of it lies on one clock, and is told by one timeline. */
export class Handoff {
  readonly #plan: Plan;
  readonly #placed: ReadonlyMap<number, PlacedTrack>;
  readonly #options: Options;
  readonly #events: JobEvents;
  readonly #window: FilmWindow;
  /** Files that can never be made, as nothing in the recording can be heard or seen in them. */
  readonly #barren = new Set<string>();
  #rehearsed: Promise<Rehearsal> | undefined;

  /** @param placed all tracks of the run that have packets, by number */
  constructor(plan: Plan, placed: ReadonlyMap<number, PlacedTrack>, options: Options, events: JobEvents) {
    this.#plan = plan;
    this.#placed = placed;
    this.#options = options;
    this.#events = { ...events, onProgress: throttled(events.onProgress) };
    this.#window = handoffWindow(placed.values(), options.settings.zeroUnixMs, plan);
  }

  /** @throws {ProcessorError} as proxyJob does */
  async proxy(output: ProxyOutput, job: Job): Promise<WriteResult> {
    if (job.tracks.length === 0) return { problems: [] };
    const rehearsal = await this.#rehearse();
    return await this.#made(
      output.file,
      proxyJob({ ...this.#options, ...job, output, rehearsal, window: this.#window }, this.#events),
    );
  }

  /** @throws {ProcessorError} as mixTracks does */
  async stem(output: StemOutput, job: Job): Promise<WriteResult> {
    return await this.#made(
      output.file,
      stemJob({ ...this.#options, ...job, output, window: this.#window }, this.#events),
    );
  }

  /**
   * A mix with chapters.
   *
   * @throws {ProcessorError} as mixTracks does
   */
  async podcast(output: MixOutput, job: Job): Promise<WriteResult> {
    const path = join(this.#options.settings.workFolder, `${job.temporaryName}.chapters`);
    const { cast } = await this.#rehearse();
    const chapters = chaptersOf(momentsOf(cast, output.chapters?.names), cast.durationMs);
    await writeFile(path, ffmetadata(chapters, cast.durationMs));
    try {
      return await mixJob(
        { ...this.#options, ...job, output, beside: { ...this.#window, chapters: path } },
        this.#events,
      );
    } finally {
      await rm(path, { force: true });
    }
  }

  async timeline(output: TimelineOutput, job: Pick<Job, 'tracks' | 'temporaryName'>): Promise<WriteResult> {
    if (job.tracks.length === 0) return { problems: [] };
    const { settings } = this.#options;
    const timeline = this.#timelineOf(output, await this.#rehearse());
    return await timelineJob({ ...job, settings, output, timeline, zeroUnixMs: this.#window.zeroUnixMs });
  }

  #timelineOf({ fps, size, names }: TimelineOutput, { cast }: Rehearsal): Timeline {
    const { call } = this.#plan;
    return timelineOf(cast, {
      name: `${call.type}:${call.id}`,
      ...{ fps, size, names },
      startsAt: new Date(this.#window.zeroUnixMs).toISOString(),
      madeBy: this.#options.settings.madeBy,
      media: this.#plan.outputs.flatMap((output) => this.#mediaOf(output)),
    });
  }

  async #made(file: string, making: Promise<WriteResult>): Promise<WriteResult> {
    try {
      return await making;
    } catch (error) {
      if (error instanceof ProcessorError && error.code === 'ERR_NO_MEDIA') this.#barren.add(file);
      throw error;
    }
  }

  /** As planned, whether or not this run could make it, for another that resumes it may; but not what no run can. */
  #mediaOf(output: Plan['outputs'][number]): TimelineMedia[] {
    if (output.kind !== 'proxy' && output.kind !== 'stem') return [];
    const { kind, file } = output;
    if (this.#barren.has(file)) return [];
    const own = output.tracks.flatMap((number) => this.#placed.get(number) ?? []);
    const sound = own.filter(({ codec }) => codec === 'opus');
    const channels = sound.length === 0 ? 0 : sound.some(isStereo) ? 2 : 1;
    const [first] = own;
    if (first === undefined) return [];
    if (kind === 'stem') return [{ kind, file, name: output.name, channels }];
    const { sessionId, trackId } = first.track;
    return [{ kind, file, source: { sessionId, trackId, codec: first.codec }, channels }];
  }

  #rehearse(): Promise<Rehearsal> {
    const reading = readingOf(this.#options.settings, this.#events, () => undefined);
    this.#rehearsed ??= rehearse([...this.#placed.values()], this.#window, reading);
    return this.#rehearsed;
  }
}
