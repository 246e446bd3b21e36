import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { jsonText } from '@rawreel/text';
import type { Art } from '../composite/art/art.ts';
import { openArt } from '../composite/art/open-art.ts';
import { captionsVtt } from '../composite/captions.ts';
import type { FilmWindow, Rehearsal } from '../composite/cast-of.ts';
import { ffmetadata } from '../composite/chapters.ts';
import { type Filmed, film } from '../composite/film.ts';
import type { FilmContainer } from '../composite/join-film.ts';
import type { DecodingThreads } from '../mix/decoding-threads.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { CompositeOutput, ScenesOutput } from '../plan/plan.ts';
import type { SceneList } from '../plan/scene-list.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import type { TrackProblem } from '../track-problem.ts';
import { sha256Of } from '../write/sha256.ts';
import { filmChapters } from './chapters-job.ts';
import { filmChecked, notSeen } from './film-checks.ts';
import { mixedSound, SOUND_SHARE } from './film-sound.ts';
import { type JobEvents, placedBytesOf, readingOf } from './job.ts';
import { checkSilence, filmNeedOf } from './sound-need.ts';
import type { WriteResult } from './write-job.ts';

interface SceneJob {
  readonly settings: OutputSettings;
  /** Those that have packets. */
  readonly tracks: readonly PlacedTrack[];
  readonly scenes: SceneList;
  readonly window: FilmWindow;
  readonly temporaryName: string;
}

export interface ScenesJob extends SceneJob {
  readonly output: ScenesOutput;
}

export interface CompositeJob extends SceneJob {
  readonly output: CompositeOutput;
  readonly rehearsal: Rehearsal;
  readonly threads?: DecodingThreads | undefined;
  readonly fillerBytes: number;
  readonly verify: boolean;
}

/** Who is seen where and when, for people to correct and programs to read. */
export async function scenesJob(job: ScenesJob): Promise<WriteResult> {
  const { settings, output, scenes, window, temporaryName, tracks } = job;
  const path = join(settings.workFolder, temporaryName);
  await writeFile(path, jsonText(scenes));
  return {
    file: {
      kind: 'scenes',
      path: output.file,
      ...startOf(window.zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths(scenes.durationMs),
      byteLength: (await stat(path)).size,
      sha256: sha256Of(path),
      scenes: scenes.scenes.length,
      tracks: tracks.map(({ track }) => heardTrack(track)),
    },
    problems: [],
  };
}

/**
 * Mixes the sound, films the scenes, and puts both into one file.
 *
 * @throws {ProcessorError} as mixTracks and film do; ERR_TOO_MUCH_SILENCE, ERR_OUTPUT_DIFFERS
 */
export async function compositeJob(job: CompositeJob, events: JobEvents): Promise<WriteResult> {
  const { settings, output, scenes, window, tracks } = job;
  const path = join(settings.workFolder, job.temporaryName);
  checkSilence(output.file, filmNeedOf(scenes.durationMs, tracks), job.fillerBytes);
  const asides = { captions: `${path}.vtt`, chapters: `${path}.chapters`, sound: `${path}.sound` };
  try {
    const art = await openArt(output.look);
    const chapters = filmChapters(job);
    await writeFile(asides.chapters, ffmetadata(chapters, scenes.durationMs));
    const captions = await writtenCaptions(job, asides.captions);
    const sound = (await mixedSound(job, asides.sound, events))?.path;
    await job.threads?.rest();
    const { chapters: chaptersPath } = asides;
    const inputs = { chapters: chaptersPath, captions, sound };
    const { pictures, unseen } = await filmed(job, inputs, path, art, events);
    const facts = {
      path: output.file,
      ...startOf(window.zeroUnixMs, settings.zeroUnixMs),
      durationMs: tenths((pictures * 1000) / scenes.fps),
      byteLength: (await stat(path)).size,
      sha256: sha256Of(path),
    };
    return {
      file: {
        kind: 'composite',
        ...facts,
        ...(job.verify
          ? { verified: await filmChecked(job, path, { pictures, hasSound: sound !== undefined }, events) }
          : {}),
        ...{ width: scenes.width, height: scenes.height, fps: scenes.fps, pictures },
        scenes: scenes.scenes.length,
        chapters: chapters.length,
        tracks: tracks.map(({ track }) => heardTrack(track)),
      },
      problems: [...unseen.map(notSeen), ...[...art.lacks, ...unnamed(job)].map(notDrawn)],
    };
  } finally {
    for (const aside of Object.values(asides)) await rm(aside, { force: true });
  }
}

/** The captions of what is filmed; undefined where there are none. */
async function writtenCaptions(
  { settings, output, scenes, window }: CompositeJob,
  path: string,
): Promise<string | undefined> {
  const offsetMs = window.zeroUnixMs - settings.zeroUnixMs;
  const vtt = captionsVtt(output.captions?.cues ?? [], { offsetMs, durationMs: scenes.durationMs });
  if (vtt === undefined) return undefined;
  await writeFile(path, vtt.text);
  return path;
}

async function filmed(
  { settings, output, scenes, window, rehearsal, tracks }: CompositeJob,
  asides: Pick<FilmContainer, 'captions' | 'chapters' | 'sound'>,
  path: string,
  art: Art,
  events: JobEvents,
): Promise<Filmed> {
  const { file, look, format, encoder, preset } = output;
  const { ffmpegPath, madeBy } = settings;
  const { call } = settings.plan;
  const totalBytes = placedBytesOf(tracks);
  return await film({
    ...{ look, scenes, rehearsal, window, art, ffmpegPath },
    encoding: {
      ...{ path, format, size: look.size, fps: look.fps, encoder, preset, ...asides },
      language: output.captions?.language,
      title: look.title ?? `${call.type}:${call.id}`,
      startsAt: new Date(window.zeroUnixMs).toISOString(),
      madeBy,
      ffmpegPath,
    },
    reading: readingOf(settings, events, () => undefined),
    onProgress: (filmedMs, totalMs) => {
      const share = SOUND_SHARE + (1 - SOUND_SHARE) * (filmedMs / totalMs);
      events.onProgress({ type: 'output-progress', file, bytes: share * totalBytes, totalBytes });
    },
  });
}

/** Names for others: a file of another call, or in another shape. */
function unnamed({ output: { look }, tracks }: CompositeJob): readonly string[] {
  const isUsed = tracks.some(({ track }) => Object.hasOwn(look.names, track.userId));
  return isUsed || Object.keys(look.names).length === 0
    ? []
    : ['none of the names is of anybody in the composite: ids are shown'];
}

const notDrawn = (message: string): TrackProblem => ({ code: 'NOT_DRAWN', severity: 'notice', message });
