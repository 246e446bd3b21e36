import { rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { openArt } from '../composite/art/open-art.ts';
import { type FilmWindow, keyOf, type Rehearsal } from '../composite/cast-of.ts';
import { ffmetadata } from '../composite/chapters.ts';
import { film } from '../composite/film.ts';
import type { ProxyOutput } from '../plan/plan.ts';
import { type SceneList, type SourceId, type Span, sourceKey } from '../plan/scene-list.ts';
import { heardTrack, startOf } from '../report/describe-track.ts';
import { tenths } from '../tenths.ts';
import { sha256Of } from '../write/sha256.ts';
import { filmChecked, notSeen } from './film-checks.ts';
import { mixedSound, SOUND_SHARE } from './film-sound.ts';
import { type JobEvents, placedBytesOf, readingOf } from './job.ts';
import type { SoundJob } from './mixed-file.ts';
import { noMedia } from './silent-tracks.ts';
import { checkSilence, filmNeedOf } from './sound-need.ts';
import type { WriteResult } from './write-job.ts';

export interface ProxyJob extends SoundJob {
  readonly output: ProxyOutput;
  readonly rehearsal: Rehearsal;
  /** Of the call: all proxies begin with it. */
  readonly window: FilmWindow;
}

/**
 * One camera or screen as an editor takes it: a film of a single tile, black while it is off, from the call's zero to its
 * last picture.
 *
 * @throws {ProcessorError} ERR_NO_MEDIA where there is no picture; as mixTracks and film do; ERR_TOO_MUCH_SILENCE, ERR_OUTPUT_DIFFERS
 */
export async function proxyJob(job: ProxyJob, events: JobEvents): Promise<WriteResult> {
  const { settings, output, rehearsal, tracks, window } = job;
  const [placed] = tracks;
  if (placed === undefined) return { problems: [] };
  const key = keyOf(placed);
  const source = rehearsal.cast.sources.find((each) => sourceKey(each.source) === key);
  const endMs = source?.on.at(-1)?.endMs;
  if (source === undefined || endMs === undefined)
    throw noMedia(placed.track, rehearsal.outlines.get(key)?.unusable ?? 'it has no pictures');
  const { look, format, file } = output;
  const { userId, sessionId, trackId } = placed.track;
  const path = join(settings.workFolder, job.temporaryName);
  const scenes = scenesOf(output, source, userId, endMs);
  checkSilence(file, filmNeedOf(endMs, tracks), job.fillerBytes);
  const asides = { chapters: `${path}.chapters`, sound: `${path}.sound` };
  const totalBytes = placedBytesOf(tracks);
  try {
    await writeFile(asides.chapters, ffmetadata([], endMs));
    const own = { zeroUnixMs: window.zeroUnixMs, endUnixMs: window.zeroUnixMs + endMs };
    const sound = await mixedSound({ ...job, window: own }, asides.sound, events);
    const { pictures, unseen } = await film({
      ...{ look, scenes, rehearsal, window: own, art: await openArt(look), ffmpegPath: settings.ffmpegPath },
      encoding: {
        ...{ path, format, size: look.size, fps: look.fps, preset: 'veryfast', isForCutting: true },
        ...{ chapters: asides.chapters, sound: sound?.path, title: `${userId} · ${placed.track.trackType}` },
        startsAt: new Date(window.zeroUnixMs).toISOString(),
        madeBy: settings.madeBy,
        ffmpegPath: settings.ffmpegPath,
      },
      reading: readingOf(settings, events, () => undefined),
      onProgress: (filmedMs, totalMs) => {
        const share = SOUND_SHARE + (1 - SOUND_SHARE) * (filmedMs / totalMs);
        events.onProgress({ type: 'output-progress', file, bytes: share * totalBytes, totalBytes });
      },
    });
    const hasSound = sound !== undefined;
    return {
      file: {
        kind: 'proxy',
        path: file,
        ...startOf(window.zeroUnixMs, settings.zeroUnixMs),
        durationMs: tenths((pictures * 1000) / look.fps),
        byteLength: (await stat(path)).size,
        sha256: sha256Of(path),
        ...(job.verify ? { verified: await filmChecked(job, path, { pictures, hasSound }, events) } : {}),
        ...{ userId, sessionId, trackId, ...look.size, fps: look.fps, pictures, on: source.on },
        tracks: tracks.map(({ track }) => heardTrack(track)),
      },
      problems: unseen.filter((each) => keyOf(each.placed) === key).map(notSeen),
    };
  } finally {
    for (const aside of Object.values(asides)) await rm(aside, { force: true });
  }
}

/** A tile as large as the picture while the source is on, and nothing between. */
function scenesOf(
  { look }: ProxyOutput,
  {
    source,
    isShare,
    on,
  }: { readonly source: SourceId; readonly isShare: boolean; readonly on: readonly Span[] },
  userId: string,
  durationMs: number,
): SceneList {
  const place = { x: 0, y: 0, ...look.size };
  const tile = { userId, show: isShare ? ('share' as const) : ('camera' as const), source, place };
  const scenes = on.flatMap(({ startMs, endMs }) => [
    { startMs, tiles: [tile] },
    { startMs: endMs, tiles: [] },
  ]);
  const start = scenes[0]?.startMs === 0 ? [] : [{ startMs: 0, tiles: [] }];
  return { version: 1, ...look.size, fps: look.fps, durationMs, scenes: [...start, ...scenes], speaking: [] };
}
