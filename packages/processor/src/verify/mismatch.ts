/** A way in which a file is not what its source asks for. */
export interface Mismatch {
  readonly what: /** The container is broken, or holds other tracks. */
    | 'container'
    /** Frames of the source are missing. */
    | 'frames'
    /** Frames stand elsewhere than the source's. */
    | 'time'
    /** The file's length, or the length it claims. */
    | 'duration'
    /** Video and audio are shifted against each other. */
    | 'av-offset'
    /** Frames hold other bytes, or come from nowhere. */
    | 'content'
    /** A decoder complains, or makes too many or too few samples. */
    | 'decode';
  readonly message: string;
}

/** A moment of a file in a message. */
export const seconds = (ms: number): string => `${(ms / 1000).toFixed(3)} s`;
