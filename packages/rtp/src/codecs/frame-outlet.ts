import type { Rotation } from '../order/media-packet.ts';
import type { CodedFrame, DepacketizerStatistics } from './depacketizer.ts';
import { FrameQueue } from './frame-queue.ts';

/** What a depacketizer knows of a finished frame; the outlet adds what runs along the whole stream. */
export type FinishedFrame = Omit<CodedFrame, 'lossBefore' | 'rotation'>;

/** The way out of a depacketizer: frames waiting to be pulled, the loss between them, orientation, counts. */
export class FrameOutlet {
  readonly statistics: DepacketizerStatistics = {
    framesEmitted: 0,
    framesIncomplete: 0,
    framesUndecodable: 0,
    framesBeforeKeyFrame: 0,
    packetsMalformed: 0,
  };
  readonly #queue = new FrameQueue();
  #lost = 0;
  #rotation: Rotation = 0;

  /** Call for every packet, after the frame before it was finished: its loss and orientation belong to its own frame. */
  see(lossBefore: number, rotation: Rotation | undefined): void {
    this.#lost += lossBefore;
    if (rotation !== undefined) this.#rotation = rotation;
  }

  emit(frame: FinishedFrame): void {
    this.#queue.add({ ...frame, lossBefore: this.#lost, rotation: this.#rotation });
    this.#lost = 0;
    this.statistics.framesEmitted += 1;
  }

  pull(): CodedFrame | undefined {
    return this.#queue.take();
  }
}
