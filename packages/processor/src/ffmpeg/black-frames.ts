import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { VideoParameters } from '@rawreel/rtp';

/** A camera that adapts goes through some; a recording in more makes ffmpeg's calls, a tenth of a second each, its main work. */
const MOST_LOOKS = 24;

/** 8K; the encoder takes a gigabyte for what is larger, which no camera is. */
const MOST_PIXELS = 7680 * 4320;

const PREFIX = 'black-';

/** Why there is no black frame. */
export interface NoBlackFrame {
  readonly reason: string;
  /** Whether another ffmpeg could make it. */
  readonly isBounded: boolean;
}

/**
 * The black frames of a run, one for each codec, profile and size. They lie in the run's work folder, where all its tracks,
 * in whatever thread, find those that were made.
 */
export class BlackFrames {
  readonly #folder: string;
  readonly #ffmpegPath: string | undefined;
  readonly #known = new Map<string, Promise<Uint8Array | NoBlackFrame>>();

  constructor(folder: string, ffmpegPath: string | undefined) {
    this.#folder = folder;
    this.#ffmpegPath = ffmpegPath;
  }

  of(parameters: VideoParameters): Promise<Uint8Array | NoBlackFrame> {
    const { codec, profile, width, height, bitDepth, chroma } = parameters;
    const look = JSON.stringify([codec, profile, width, height, bitDepth, chroma]);
    const known = this.#known.get(look);
    if (known !== undefined) return known;
    const made = this.#make(parameters, look);
    this.#known.set(look, made);
    return made;
  }

  async #make(parameters: VideoParameters, look: string): Promise<Uint8Array | NoBlackFrame> {
    const { width, height } = parameters;
    if (width * height > MOST_PIXELS) {
      const reason = `${width}×${height} is larger than black frames are made`;
      return { reason, isBounded: true };
    }
    const name = `${PREFIX}${createHash('sha256').update(look).digest('hex')}`;
    const path = join(this.#folder, name);
    const found = await readFile(path).catch(() => undefined);
    if (found !== undefined) return found;
    const made = (await readdir(this.#folder)).filter((other) => other.startsWith(PREFIX));
    if (made.length >= MOST_LOOKS)
      return {
        reason: `pictures of more than ${MOST_LOOKS} sizes and kinds have gaps behind them`,
        isBounded: true,
      };
    const { encodeBlackFrame } = await import('./black-frame.ts');
    try {
      const frame = await encodeBlackFrame(parameters, this.#ffmpegPath);
      const unfinished = join(this.#folder, `unfinished-${name}-${randomBytes(4).toString('hex')}`);
      await writeFile(unfinished, frame);
      await rename(unfinished, path);
      return frame;
    } catch (error) {
      return { reason: (error as Error).message, isBounded: false };
    }
  }
}
