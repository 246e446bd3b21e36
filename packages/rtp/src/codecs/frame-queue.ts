import type { AudioLevel, Rotation } from '../order/media-packet.ts';
import { Queue } from '../queue.ts';
import type { CodecParameters, CodedFrame, DepacketizerStatistics } from './depacketizer.ts';

/** What a depacketizer knows of a finished frame; the queue adds what runs along the whole stream. */
export interface FinishedFrame {
  readonly run: number;
  readonly rtpTicks: number;
  readonly receivedMs: number;
  readonly durationTicks?: number;
  readonly keyFrame: boolean;
  readonly shownEarlier?: boolean;
  readonly chunks: readonly Uint8Array[];
  readonly byteLength: number;
  readonly audioLevel?: AudioLevel;
  readonly parameters: CodecParameters;
}

/** The way out that all depacketizers share: frames waiting to be pulled, loss between them, orientation, counts. */
export class FrameQueue {
  readonly statistics: DepacketizerStatistics = {
    framesEmitted: 0,
    framesInvalid: 0,
    framesIncomplete: 0,
    framesUndecodable: 0,
    framesBeforeKeyFrame: 0,
    packetsMalformed: 0,
  };
  readonly #frames = new Queue<CodedFrame>();
  #lost = 0;
  #rotation: Rotation = 0;

  /** Call for every packet, after the frame before it was finished: its loss and orientation belong to its own frame. */
  see(lossBefore: number, rotation: Rotation | undefined): void {
    this.#lost += lossBefore;
    if (rotation !== undefined) this.#rotation = rotation;
  }

  emit(frame: FinishedFrame): void {
    this.#frames.push({ ...frame, lossBefore: this.#lost, rotation: this.#rotation });
    this.#lost = 0;
    this.statistics.framesEmitted += 1;
  }

  pull(): CodedFrame | undefined {
    return this.#frames.pull();
  }
}
