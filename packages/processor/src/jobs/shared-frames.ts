import { type CodedFrame, type Depacketizer, Queue } from '@rawreel/rtp';

/** What a depacketizer has come to, whoever asks. */
class SameCounts {
  readonly #depacketizer: Depacketizer;

  constructor(depacketizer: Depacketizer) {
    this.#depacketizer = depacketizer;
  }

  get parameters(): Depacketizer['parameters'] {
    return this.#depacketizer.parameters;
  }
  get statistics(): Depacketizer['statistics'] {
    return this.#depacketizer.statistics;
  }
  get framesWithoutParameterSets(): number {
    return this.#depacketizer.framesWithoutParameterSets ?? 0;
  }
}

/**
 * One depacketizer for two who want the frames of the same packets: this one pushes and pulls for both, and what it has pulled
 * waits for the other (`behind`).
 */
export class SharedFrames extends SameCounts implements Depacketizer {
  readonly behind: Depacketizer;
  readonly #depacketizer: Depacketizer;
  readonly #waiting: WaitingFrames;

  constructor(depacketizer: Depacketizer) {
    super(depacketizer);
    this.#depacketizer = depacketizer;
    this.#waiting = new WaitingFrames(depacketizer);
    this.behind = this.#waiting;
  }

  push(packet: Parameters<Depacketizer['push']>[0]): void {
    this.#depacketizer.push(packet);
  }

  pull(): CodedFrame | undefined {
    const frame = this.#depacketizer.pull();
    if (frame !== undefined) this.#waiting.add(frame);
    return frame;
  }

  flush(): void {
    this.#depacketizer.flush();
  }
}

class WaitingFrames extends SameCounts implements Depacketizer {
  readonly #frames = new Queue<CodedFrame>();

  add(frame: CodedFrame): void {
    this.#frames.push(frame);
  }

  pull(): CodedFrame | undefined {
    return this.#frames.pull();
  }

  /** Pushed and flushed by the one in front. */
  push(): void {}
  flush(): void {}
}
