import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { readTimecode, type Timecode } from '@rawreel/fixtures/judge';
import type { Place, Size } from '../../src/plan/scene-list.ts';

const execute = promisify(execFile);

/** All pictures of a film, decoded by ffmpeg and not converted: for films of few and small ones. */
export class Pictures {
  readonly #size: Size;
  readonly #fps: number;
  readonly #bytes: Uint8Array;

  private constructor(size: Size, fps: number, bytes: Uint8Array) {
    this.#size = size;
    this.#fps = fps;
    this.#bytes = bytes;
  }

  /** @param film of 4:2:0 pictures */
  static async of(path: string, film: Size & { readonly fps: number }): Promise<Pictures> {
    const raw = ['-an', '-fps_mode', 'passthrough', '-pix_fmt', 'yuv420p', '-f', 'rawvideo', '-'];
    const options = { encoding: 'buffer', maxBuffer: 2 ** 28 } as const;
    const { stdout } = await execute('ffmpeg', ['-v', 'error', '-i', path, ...raw], options);
    return new Pictures(film, film.fps, stdout);
  }

  get count(): number {
    const { width, height } = this.#size;
    return this.#bytes.length / ((width * height * 3) / 2);
  }

  /** Luma and both chromas of a pixel that is seen at a time of the film. */
  at(atMs: number, x: number, y: number): readonly [number, number, number] {
    const { width, height } = this.#size;
    const first = this.#first(atMs);
    const chroma = (y >> 1) * (width >> 1) + (x >> 1);
    const u = first + width * height + chroma;
    const values = [first + y * width + x, u, u + (width * height) / 4];
    return values.map((index) => this.#bytes[index] ?? -1) as [number, number, number];
  }

  /** Luma at a place, row by row. */
  luma(atMs: number, { x, y, width, height }: Place): Uint8Array {
    const luma = new Uint8Array(width * height);
    for (let row = 0; row < height; row++) {
      const from = this.#first(atMs) + (y + row) * this.#size.width + x;
      luma.set(this.#bytes.subarray(from, from + width), row * width);
    }
    return luma;
  }

  timecode(atMs: number, place: Place): Timecode | undefined {
    return readTimecode(this.luma(atMs, place), place.width, place.height);
  }

  #first(atMs: number): number {
    const { width, height } = this.#size;
    return (Math.floor((atMs * this.#fps) / 1000) * width * height * 3) / 2;
  }
}
