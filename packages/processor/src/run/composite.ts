import { type FilmWindow, type Rehearsal, rehearse } from '../composite/cast-of.ts';
import { directScenes, heldToEnd } from '../composite/scenes/direct-scenes.ts';
import { scenesOfWindow } from '../composite/scenes/scenes-of-window.ts';
import { captionsJob } from '../jobs/captions-job.ts';
import { chaptersJob } from '../jobs/chapters-job.ts';
import { type CompositeJob, compositeJob, scenesJob } from '../jobs/composite-job.ts';
import { type JobEvents, readingOf } from '../jobs/job.ts';
import { throttled } from '../jobs/throttle.ts';
import type { WriteResult } from '../jobs/write-job.ts';
import type {
  CaptionsOutput,
  ChaptersOutput,
  CompositeLook,
  CompositeOutput,
  ScenesOutput,
} from '../plan/plan.ts';
import type { SceneList } from '../plan/scene-list.ts';
import { commonEndOf, commonZeroOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { startOf } from '../report/describe-track.ts';

type Options = Pick<CompositeJob, 'settings' | 'threads' | 'verify'>;

/** A film, its captions, chapters and scenes. */
export class Composite {
  readonly #options: Options;
  readonly #events: JobEvents;
  #rehearsed: Promise<Rehearsal> | undefined;

  constructor(options: Options, events: JobEvents) {
    this.#options = options;
    this.#events = { ...events, onProgress: throttled(events.onProgress) };
  }

  /** @throws {ProcessorError} as compositeJob does */
  async film(
    output: CompositeOutput,
    job: Pick<CompositeJob, 'tracks' | 'temporaryName' | 'fillerBytes'>,
  ): Promise<WriteResult> {
    if (job.tracks.length === 0) return { problems: [] };
    const window = this.#windowOf(output.look, job.tracks);
    const rehearsal = await this.#rehearse(job.tracks, window);
    const scenes = this.#scenesOf(output.look, rehearsal, window);
    return await compositeJob({ ...this.#options, ...job, output, window, rehearsal, scenes }, this.#events);
  }

  captions(
    output: CaptionsOutput,
    { tracks, temporaryName }: Pick<CompositeJob, 'tracks' | 'temporaryName'>,
  ): WriteResult {
    if (tracks.length === 0) return { problems: [] };
    const { settings } = this.#options;
    const window = this.#windowOf(output.look, tracks);
    return captionsJob({ settings, output, tracks, window, temporaryName });
  }

  async chapters(
    output: ChaptersOutput,
    job: Pick<CompositeJob, 'tracks' | 'temporaryName'>,
  ): Promise<WriteResult> {
    if (job.tracks.length === 0) return { problems: [] };
    const window = this.#windowOf(output.look, job.tracks);
    const rehearsal = await this.#rehearse(job.tracks, window);
    return chaptersJob({ ...job, settings: this.#options.settings, output, window, rehearsal });
  }

  async scenes(
    output: ScenesOutput,
    job: Pick<CompositeJob, 'tracks' | 'temporaryName'>,
  ): Promise<WriteResult> {
    if (job.tracks.length === 0) return { problems: [] };
    const window = this.#windowOf(output.look, job.tracks);
    const scenes = this.#scenesOf(output.look, await this.#rehearse(job.tracks, window), window);
    const { settings } = this.#options;
    return await scenesJob({ settings, ...job, output, window, scenes });
  }

  /** A film begins where a mix of the same tracks does. */
  #windowOf({ fromMs = 0, toMs }: CompositeLook, tracks: readonly PlacedTrack[]): FilmWindow {
    const recordingMs = this.#options.settings.zeroUnixMs;
    const zeroUnixMs =
      fromMs > 0 || this.#options.settings.plan.align === 'recording'
        ? recordingMs + fromMs
        : commonZeroOf(tracks, recordingMs);
    const endUnixMs = commonEndOf(tracks, zeroUnixMs);
    return {
      zeroUnixMs,
      endUnixMs: toMs === undefined ? endUnixMs : Math.min(endUnixMs, recordingMs + toMs),
    };
  }

  #rehearse(tracks: readonly PlacedTrack[], window: FilmWindow): Promise<Rehearsal> {
    const reading = readingOf(this.#options.settings, this.#events, () => undefined);
    this.#rehearsed ??= rehearse(tracks, window, reading);
    return this.#rehearsed;
  }

  #scenesOf(look: CompositeLook, { cast }: Rehearsal, { zeroUnixMs }: FilmWindow): SceneList {
    const { offsetMs } = startOf(zeroUnixMs, this.#options.settings.zeroUnixMs);
    return look.scenes === undefined
      ? directScenes(heldToEnd(cast), { ...look, offsetMs, hasHeader: hasHeader(look) })
      : scenesOfWindow(look.scenes, offsetMs, cast.durationMs);
  }
}

const hasHeader = ({ title, logo }: CompositeLook): boolean => title !== undefined || logo !== undefined;
