import type { StoredBytes } from '@rawreel/matroska';
import type { CodedFrame, Rotation, VideoParameters } from '@rawreel/rtp';
import type { FileWindow } from './file-window.ts';
import type { FrameRecord } from './frame-record.ts';

/** A dump of several runs is not copied. */
const COPIED_RUN = 0;

/** A frame whose bytes stand in a file: whoever copies them to another needs no memory for them. */
export class CopiedFrame implements CodedFrame, StoredBytes {
  readonly run = COPIED_RUN;
  readonly rtpTicks: number;
  readonly receivedMs: number;
  readonly keyFrame: boolean;
  readonly shownEarlier: boolean;
  readonly byteLength: number;
  readonly lossBefore: number;
  readonly parameters: VideoParameters;
  readonly rotation: Rotation;
  readonly #file: FileWindow;
  readonly #end: number;

  constructor(record: FrameRecord, file: FileWindow) {
    this.rtpTicks = record.rtpTicks;
    this.receivedMs = record.receivedMs;
    this.keyFrame = record.keyFrame;
    this.shownEarlier = record.shownEarlier === true;
    this.byteLength = record.byteLength;
    this.lossBefore = record.lossBefore;
    this.parameters = record.parameters;
    this.rotation = record.rotation;
    this.#file = file;
    this.#end = record.end;
  }

  get length(): number {
    return this.byteLength;
  }

  copyTo(target: Uint8Array, at: number): void {
    this.#file.copy(this.#end - this.byteLength, this.byteLength, target, at);
  }

  /** Its bytes in memory of their own. */
  get chunks(): readonly Uint8Array[] {
    const bytes = Buffer.allocUnsafeSlow(this.byteLength);
    this.copyTo(bytes, 0);
    return [bytes];
  }
}
