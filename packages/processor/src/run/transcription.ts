import { type JobEvents, placedBytesOf, readingOf } from '../jobs/job.ts';
import type { SoundJob } from '../jobs/mixed-file.ts';
import { turnsJob } from '../jobs/turns-job.ts';
import { voiceJob } from '../jobs/voice-job.ts';
import type { WriteResult } from '../jobs/write-job.ts';
import type { Plan, TurnsOutput, VoiceOutput } from '../plan/plan.ts';
import { commonZeroOf } from '../read/common-zero.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { SpeakerTurns } from '../speech/speaker-turns.ts';
import { speakersOf } from '../speech/speakers-of.ts';

type Options = Pick<SoundJob, 'settings' | 'threads' | 'verify'>;

/** The voices of a run and who spoke when, all from one zero. */
export class Transcription {
  readonly #plan: Plan;
  readonly #options: Options;
  readonly #events: JobEvents;
  readonly #zeroUnixMs: number;
  /** Told once for all formats, which are made of the same tracks. */
  #speakers: Promise<readonly SpeakerTurns[]> | undefined;

  /** @param placed all tracks of the run that have packets */
  constructor(plan: Plan, placed: Iterable<PlacedTrack>, options: Options, events: JobEvents) {
    this.#plan = plan;
    this.#options = options;
    this.#events = events;
    this.#zeroUnixMs = commonZeroOf(placed, options.settings.zeroUnixMs);
  }

  /** @throws {ProcessorError} as mixTracks does */
  async voice(
    output: VoiceOutput,
    job: Pick<SoundJob, 'tracks' | 'temporaryName' | 'fillerBytes'>,
  ): Promise<WriteResult> {
    const zeroUnixMs = this.#zeroUnixMs;
    return await voiceJob({ ...this.#options, ...job, output, zeroUnixMs }, this.#events);
  }

  async turns(
    output: TurnsOutput,
    tracks: readonly PlacedTrack[],
    temporaryName: string,
  ): Promise<WriteResult> {
    if (tracks.length === 0) return { problems: [] };
    const totalBytes = placedBytesOf(tracks);
    this.#events.onProgress({ type: 'output-started', file: output.file, totalBytes });
    this.#speakers ??= this.#listen(tracks, output.file, totalBytes);
    return turnsJob({
      settings: this.#options.settings,
      output,
      tracks,
      speakers: await this.#speakers,
      zeroUnixMs: this.#zeroUnixMs,
      temporaryName,
    });
  }

  async #listen(
    tracks: readonly PlacedTrack[],
    file: string,
    totalBytes: number,
  ): Promise<readonly SpeakerTurns[]> {
    const { settings } = this.#options;
    const reading = readingOf(settings, this.#events, (bytes) =>
      this.#events.onProgress({ type: 'output-progress', file, bytes, totalBytes }),
    );
    const speakers = await speakersOf(tracks, this.#zeroUnixMs, reading);
    const files = this.#voiceFiles();
    return speakers.map((speaker) => {
      const own = files.get(speaker.userId);
      return own === undefined ? speaker : { ...speaker, file: own };
    });
  }

  /** As planned, whether or not this run could make them: another that resumes it may. */
  #voiceFiles(): ReadonlyMap<string, string> {
    const { outputs, tracks } = this.#plan;
    return new Map(
      outputs.flatMap((output) => {
        const userId = output.kind === 'voice' ? tracks[output.tracks[0] ?? 0]?.userId : undefined;
        return userId === undefined ? [] : [[userId, output.file] as const];
      }),
    );
  }
}
