import { formatBytes } from '@rawreel/text';

/** So little came for so long that the rest is not expected any more. */
export class Stalled extends Error {
  override readonly name = 'Stalled';

  /** Whether the server is there, and sends next to nothing. */
  readonly isDribble: boolean;

  /** @param count bytes that came in that time */
  constructor(stallMs: number, count = 0) {
    super(`${count === 0 ? 'nothing' : `no more than ${formatBytes(count)}`} came for ${stallMs / 1000} s`);
    this.isDribble = count > 0;
  }
}
