import type { CompositeLook } from '../plan/plan.ts';
import { type Scene, type SceneList, sourceKey } from '../plan/scene-list.ts';
import type { ReadingOptions } from '../read/open-dump.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { Art } from './art/art.ts';
import type { FilmWindow, Rehearsal } from './cast-of.ts';
import type { Chunk } from './chunks.ts';
import { pictureAt, shotsOf } from './decoders/shot.ts';
import { SourcePictures } from './decoders/source-pictures.ts';
import { Marks } from './marks.ts';
import { Screen } from './screen.ts';

export interface FilmPicturesOptions {
  readonly look: CompositeLook;
  readonly scenes: SceneList;
  readonly rehearsal: Rehearsal;
  readonly window: FilmWindow;
  readonly art: Art;
  readonly reading: ReadingOptions;
  readonly ffmpegPath?: string | undefined;
}

/** A track of which pictures were missing, and why. */
export interface Unseen {
  readonly placed: PlacedTrack;
  readonly reason: string;
}

/** The pictures of a stretch of a film, decoded and painted one after the other. */
export class FilmPictures {
  readonly #scenes: SceneList;
  readonly #rehearsal: Rehearsal;
  readonly #sources: ReadonlyMap<string, SourcePictures>;
  readonly #screen: Screen;
  readonly #marks: Marks;
  #shown = -1;

  /** @param stretch all that is asked for: nothing else is decoded */
  constructor(options: FilmPicturesOptions, stretch: Chunk) {
    const { look, scenes, rehearsal, art } = options;
    this.#scenes = scenes;
    this.#rehearsal = rehearsal;
    this.#sources = sourcesOf(options, stretch);
    this.#screen = new Screen(look, art);
    this.#marks = new Marks(scenes.speaking, scenes.fps);
  }

  /** Tracks that were not seen all along; complete once this is closed. */
  get unseen(): readonly Unseen[] {
    const { tracks, outlines } = this.#rehearsal;
    const unusable = [...tracks].flatMap(([key, placed]) => {
      const reason = outlines.get(key)?.unusable;
      return reason === undefined ? [] : [{ placed, reason }];
    });
    const failed = [...this.#sources.values()].flatMap(({ placed, failure }) =>
      failure === undefined ? [] : [{ placed, reason: failure }],
    );
    return [...unusable, ...failed];
  }

  /** The picture of a number, I420; numbers go up by one. Its memory is the caller's until the next is asked for. */
  async at(number: number): Promise<Uint8Array> {
    const { scenes, fps } = this.#scenes;
    const before = this.#shown;
    while (isDue(scenes[this.#shown + 1], number, fps)) this.#shown++;
    for (const source of this.#sources.values()) await source.approach(number);
    const scene = scenes[this.#shown];
    if (scene !== undefined) {
      if (this.#shown !== before) this.#screen.begin(scene);
      await this.#paint(scene, number);
    }
    return this.#screen.canvas.bytes;
  }

  async close(): Promise<void> {
    await Promise.all([...this.#sources.values()].map((source) => source.close()));
  }

  async #paint({ tiles }: Scene, number: number): Promise<void> {
    const pictures = await Promise.all(
      tiles.map(({ source }) => source && this.#sources.get(sourceKey(source))?.take(number)),
    );
    const marked = this.#marks.at(number);
    for (const [index, tile] of tiles.entries()) {
      const isMarked = tile.show !== 'share' && marked.has(tile.userId);
      this.#screen.paint(index, tile, pictures[index], isMarked);
    }
  }
}

function sourcesOf(
  { look, scenes, rehearsal, window, reading, ffmpegPath }: FilmPicturesOptions,
  stretch: Chunk,
): ReadonlyMap<string, SourcePictures> {
  const { zeroUnixMs } = window;
  const { fps } = scenes;
  const sources = new Map<string, SourcePictures>();
  for (const [key, shots] of shotsOf(scenes, rehearsal.outlines, look.fit, stretch)) {
    const placed = rehearsal.tracks.get(key);
    if (placed === undefined) continue;
    const isBlurred = look.blur.includes(placed.track.userId);
    sources.set(key, new SourcePictures({ placed, shots, fps, isBlurred, zeroUnixMs, reading, ffmpegPath }));
  }
  return sources;
}

const isDue = (scene: Scene | undefined, number: number, fps: number): boolean =>
  scene !== undefined && pictureAt(scene.startMs, fps) <= number;
