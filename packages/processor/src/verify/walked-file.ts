/** One frame as a container holds it. */
export interface FileBlock {
  /** Index into the tracks of the file. */
  readonly track: number;
  /** Milliseconds since the file's zero. */
  readonly timeMs: number;
  /** As far as the container says it. */
  readonly durationMs: number | undefined;
  readonly keyFrame: boolean;
  /** Lent until the next block is asked for. */
  readonly bytes: Uint8Array;
}

export interface WalkedTrack {
  /** What a container calls neither is neither. */
  readonly kind: 'audio' | 'video' | 'other';
  readonly isOpus: boolean;
}

/** A container being read from front to back. */
export interface WalkedFile {
  readonly tracks: readonly WalkedTrack[];
  /** As the container claims it. */
  readonly durationMs: number | undefined;
  /** Every block in file order; may be asked for once. @throws {ContainerFault} where the file is broken. */
  blocks(): AsyncGenerator<FileBlock, void>;
  close(): void;
}

/** The place where a container cannot be read on, or claims what is not so. */
export class ContainerFault extends Error {}
