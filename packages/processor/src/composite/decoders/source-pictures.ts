import type { ReadingOptions } from '../../read/open-dump.ts';
import type { PlacedTrack } from '../../read/placed-track.ts';
import type { Shot } from './shot.ts';
import { type Picture, ShotDecoder, type ShotDecoderOptions } from './shot-decoder.ts';
import { SourceCursor } from './source-cursor.ts';

export interface SourcePicturesOptions extends Pick<ShotDecoderOptions, 'fps' | 'isBlurred' | 'ffmpegPath'> {
  readonly placed: PlacedTrack;
  readonly shots: readonly Shot[];
  readonly zeroUnixMs: number;
  readonly reading: ReadingOptions;
}

/** A decoder is begun so long before its first picture is due: a process and a key frame take their time. */
const LEAD_MS = 2000;

/** The pictures of one source in all its shots, decoded only while they are near. */
export class SourcePictures {
  readonly #options: SourcePicturesOptions;
  readonly #cursor: SourceCursor;
  readonly #decoders: { readonly shot: Shot; readonly decoder: ShotDecoder }[] = [];
  #nextShot = 0;
  #cursorIsFree: Promise<void> = Promise.resolve();
  #failure: string | undefined;

  constructor(options: SourcePicturesOptions) {
    this.#options = options;
    this.#cursor = new SourceCursor(options.placed, options.zeroUnixMs, options.reading);
  }

  get placed(): PlacedTrack {
    return this.#options.placed;
  }

  /** Why a picture was missing. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Begins what is due soon, and ends what is over. */
  async approach(number: number): Promise<void> {
    const { shots, fps } = this.#options;
    for (;;) {
      const shot = shots[this.#nextShot];
      const from = shot?.pieces[0]?.from;
      if (shot === undefined || from === undefined || from - (LEAD_MS * fps) / 1000 > number) break;
      this.#nextShot++;
      const options = { ...this.#options, shot, cursor: this.#cursor };
      const decoder = await ShotDecoder.start(options, this.#cursorIsFree);
      this.#cursorIsFree = decoder.fed;
      this.#decoders.push({ shot, decoder });
    }
    const [first] = this.#decoders;
    if (first !== undefined && (first.shot.pieces.at(-1)?.to ?? 0) <= number) {
      this.#decoders.shift();
      await this.#end(first.decoder);
    }
  }

  /** The picture of a number that is shown of it; undefined where none comes. */
  async take(number: number): Promise<Picture | undefined> {
    const [current] = this.#decoders;
    const picture = await current?.decoder.take(number);
    this.#failure ??= current?.decoder.failure;
    return picture;
  }

  async close(): Promise<void> {
    await Promise.all(this.#decoders.map(({ decoder }) => this.#end(decoder)));
    await this.#cursor.close();
  }

  async #end(decoder: ShotDecoder): Promise<void> {
    await decoder.close();
    this.#failure ??= decoder.failure;
  }
}
