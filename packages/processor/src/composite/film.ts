import type { CompositeLook } from '../plan/plan.ts';
import { type Marked, type Scene, type SceneList, sourceKey } from '../plan/scene-list.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { Art } from './art/art.ts';
import type { FilmWindow, Rehearsal } from './cast-of.ts';
import { pictureAt, shotsOf } from './decoders/shot.ts';
import { SourcePictures } from './decoders/source-pictures.ts';
import { FilmEncoder, type FilmEncoding } from './encoder.ts';
import { Screen } from './screen.ts';

export interface FilmOptions {
  readonly look: CompositeLook;
  readonly scenes: SceneList;
  readonly rehearsal: Rehearsal;
  readonly window: FilmWindow;
  readonly art: Art;
  readonly encoding: FilmEncoding;
  readonly reading: ReadingOptions;
  readonly ffmpegPath?: string | undefined;
  readonly onProgress: (filmedMs: number, totalMs: number) => void;
}

/** A track of which pictures were missing, and why. */
export interface Unseen {
  readonly placed: PlacedTrack;
  readonly reason: string;
}

export interface Filmed {
  readonly pictures: number;
  readonly unseen: readonly Unseen[];
}

/**
 * Decodes what is seen, paints it and has it encoded, picture by picture; whoever is slowest holds up the others.
 *
 * @throws {ProcessorError} ERR_NO_FFMPEG, ERR_ENCODER_FAILED; the signal's reason
 */
export async function film(options: FilmOptions): Promise<Filmed> {
  const { encoding, reading } = options;
  const { signal } = reading;
  signal?.throwIfAborted();
  const encoder = await FilmEncoder.start(encoding);
  const sources = sourcesOf(options);
  const stop = () => void encoder.abandon();
  signal?.addEventListener('abort', stop, { once: true });
  try {
    const pictures = await shoot(options, sources, encoder);
    await encoder.finish();
    await closed(sources);
    return { pictures, unseen: unseenOf(options, sources) };
  } catch (error) {
    await encoder.abandon();
    signal?.throwIfAborted();
    throw error;
  } finally {
    signal?.removeEventListener('abort', stop);
    await closed(sources);
  }
}

function unseenOf({ rehearsal }: FilmOptions, sources: ReadonlyMap<string, SourcePictures>): Unseen[] {
  const unusable = [...rehearsal.tracks].flatMap(([key, placed]) => {
    const reason = rehearsal.outlines.get(key)?.unusable;
    return reason === undefined ? [] : [{ placed, reason }];
  });
  const failed = [...sources.values()].flatMap(({ placed, failure }) =>
    failure === undefined ? [] : [{ placed, reason: failure }],
  );
  return [...unusable, ...failed];
}

const closed = (sources: ReadonlyMap<string, SourcePictures>) =>
  Promise.all([...sources.values()].map((source) => source.close()));

function sourcesOf({
  look,
  scenes,
  rehearsal,
  window,
  reading,
  ffmpegPath,
}: FilmOptions): Map<string, SourcePictures> {
  const shots = shotsOf(scenes, rehearsal.outlines, look.fit);
  const sources = new Map<string, SourcePictures>();
  for (const [key, own] of shots) {
    const placed = rehearsal.tracks.get(key);
    if (placed === undefined) continue;
    const isBlurred = look.blur.includes(placed.track.userId);
    const { zeroUnixMs } = window;
    const { fps } = scenes;
    sources.set(
      key,
      new SourcePictures({ placed, shots: own, fps, isBlurred, zeroUnixMs, reading, ffmpegPath }),
    );
  }
  return sources;
}

async function shoot(
  { look, scenes: list, art, reading, onProgress }: FilmOptions,
  sources: ReadonlyMap<string, SourcePictures>,
  encoder: FilmEncoder,
): Promise<number> {
  const { scenes, speaking, fps, durationMs } = list;
  const screen = new Screen(look, art);
  const marks = new Marks(speaking, fps);
  const total = pictureAt(durationMs, fps);
  let shown = -1;
  for (let number = 0; number < total; number++) {
    reading.signal?.throwIfAborted();
    const before = shown;
    while (isDue(scenes[shown + 1], number, fps)) shown++;
    const scene = scenes[shown];
    for (const source of sources.values()) await source.approach(number);
    if (scene !== undefined) {
      if (shown !== before) screen.begin(scene);
      const pictures = await Promise.all(
        scene.tiles.map(({ source }) => source && sources.get(sourceKey(source))?.take(number)),
      );
      const marked = marks.at(number);
      for (const [index, tile] of scene.tiles.entries())
        screen.paint(index, tile, pictures[index], tile.show !== 'share' && marked.has(tile.userId));
    }
    await encoder.write(screen.canvas.bytes);
    onProgress(((number + 1) * 1000) / fps, durationMs);
  }
  return total;
}

const isDue = (scene: Scene | undefined, number: number, fps: number): boolean =>
  scene !== undefined && pictureAt(scene.startMs, fps) <= number;

/** Who is marked, asked for from one picture to the next. */
class Marks {
  readonly #waiting: Marked[];
  readonly #fps: number;
  #current: Marked[] = [];

  constructor(speaking: readonly Marked[], fps: number) {
    this.#waiting = speaking.toSorted((a, b) => b.startMs - a.startMs);
    this.#fps = fps;
  }

  at(number: number): ReadonlySet<string> {
    for (let next = this.#waiting.at(-1); next !== undefined; next = this.#waiting.at(-1)) {
      if (pictureAt(next.startMs, this.#fps) > number) break;
      this.#current.push(next);
      this.#waiting.pop();
    }
    this.#current = this.#current.filter(({ endMs }) => pictureAt(endMs, this.#fps) > number);
    return new Set(this.#current.map(({ userId }) => userId));
  }
}
