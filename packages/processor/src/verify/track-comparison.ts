import type { ExpectedTrack, SourceFrame } from './expectation.ts';
import type { Mismatch } from './mismatch.ts';
import { holds, isSilentOpus } from './same-bytes.ts';
import { SourceWindow, type WindowFrame } from './source-window.ts';
import { BoundedMedian, Tally } from './tally.ts';
import { TrackExtent } from './track-extent.ts';
import type { FileBlock } from './walked-file.ts';

/** Times are whole milliseconds, runs of audio begin on a grid of 2.5 ms, and two blocks never share a time. */
const TOLERANCE_MS = 3;

/** Frames are looked for this far before and after a block; what is further off counts as missing. */
const REACH_MS = 1000;

/** Packets shorter than this look alike (silence, comfort noise): only their time tells them apart. */
const DISTINCT_BYTES = 8;

/** Opus counts in frames of 2.5 ms: what overlaps by half a packet may seem to by so much less. */
const OVERLAP_GRAIN_MS = 2.5;

interface Stranger {
  readonly timeMs: number;
  readonly mayBeFiller: boolean;
}

/**
 * Compares one track of a file with its source, both read once from front to back, with two seconds of the source in
 * memory. Blocks are matched with frames by their bytes and, where those do not tell, by their time. A frame that no block
 * holds is missing, or spoilt where an unknown block stands in its place. A block that holds no frame must be filler: Opus
 * without sound, or a key frame.
 */
export class TrackComparison {
  readonly #expected: ExpectedTrack;
  readonly #source: SourceWindow;
  readonly #extent = new TrackExtent();
  readonly #missing = new Tally();
  readonly #spoilt = new Tally();
  readonly #foreign = new Tally();
  readonly #shifted = new Tally();
  readonly #deviation = new BoundedMedian();
  #strangers: Stranger[] = [];
  #matched = 0;
  #shownEarlier = 0;
  #missingAtEnd = 0;
  /** By how much blocks stand too late at the moment, where it is more than the tolerance. */
  #shiftMs = 0;
  #firstShiftMs = 0;
  /** Where the frames end that are in the file, which has nothing before its zero. */
  #keptEndMs = 0;

  constructor(expected: ExpectedTrack, frames: AsyncIterable<readonly SourceFrame[]>) {
    this.#expected = expected;
    this.#source = new SourceWindow(frames, expected.kind);
  }

  /** Takes the track's next block; a promise holds up what follows. */
  take(block: FileBlock): void | Promise<void> {
    const untilMs = block.timeMs + REACH_MS;
    if (!this.#source.lacks(untilMs)) return this.#match(block);
    return this.#source.fill(untilMs).then(() => this.#match(block));
  }

  /** No more blocks come. */
  async finish(): Promise<void> {
    for (let more = true; more; ) {
      await this.#source.fill(Number.NEGATIVE_INFINITY);
      more = this.#source.length > 0;
      this.#missFirst(this.#source.length);
    }
    this.#forgetStrangers(Number.POSITIVE_INFINITY);
  }

  close(): Promise<void> {
    return this.#source.close();
  }

  /** How far the source's frames reach. */
  get sourceEnd(): TrackExtent['end'] {
    return this.#extent.end;
  }

  /** Median of file time minus source time; undefined where nothing matches. */
  get deviationMs(): number | undefined {
    return this.#deviation.value;
  }

  /** Of those that a block holds, how many are shown before one that is decoded earlier. */
  get shownEarlier(): number {
    return this.#shownEarlier;
  }

  /** Frames of the source that a block holds. */
  get matched(): number {
    return this.#matched;
  }

  mismatches(): Mismatch[] {
    const { kind, leftOutAllowed = 0 } = this.#expected;
    const found: Mismatch[] = [];
    const say = (what: Mismatch['what'], message: string) =>
      found.push({ what, message: `${kind}: ${message}` });
    if (this.#missing.count > leftOutAllowed) say('frames', this.#missingMessage());
    if (this.#shifted.count > 0) {
      const first = `the first by ${this.#firstShiftMs.toFixed(1)} ms`;
      say('time', `${this.#shifted.frames} ${this.#shifted.where} not where the source has them, ${first}`);
    }
    if (this.#spoilt.count > 0)
      say('content', `${this.#spoilt.frames} ${this.#spoilt.where} with other bytes than the source’s`);
    if (this.#foreign.count > 0)
      say('content', `${this.#foreign.frames} ${this.#foreign.where} neither from the source nor filler`);
    return found;
  }

  #missingMessage(): string {
    const all = this.#matched + this.#missing.count + this.#spoilt.count;
    const atEnd = this.#missingAtEnd > 0 ? `, the last ${this.#missingAtEnd} of the source among them` : '';
    return `${this.#missing.frames} of ${all} missing, ${this.#missing.where}${atEnd}`;
  }

  #match(block: FileBlock): void {
    this.#expire(block.timeMs - REACH_MS);
    const index = this.#find(block);
    if (index === undefined) this.#remember(block);
    else {
      this.#missFirst(index);
      const found = this.#source.at(0) as WindowFrame;
      this.#source.drop(1);
      this.#place(block, found);
    }
  }

  /** The frame that a block holds: one in the same place before one elsewhere. */
  #find(block: FileBlock): number | undefined {
    let elsewhere: number | undefined;
    for (let index = 0; index < this.#source.length; index++) {
      const { frame, placeMs } = this.#source.at(index) as WindowFrame;
      const offMs = block.timeMs - placeMs;
      if (offMs < -REACH_MS) break;
      if (!holds(block, frame)) continue;
      if (Math.abs(offMs) <= TOLERANCE_MS || Math.abs(offMs - this.#shiftMs) <= TOLERANCE_MS) return index;
      if (block.bytes.length >= DISTINCT_BYTES) elsewhere ??= index;
    }
    return elsewhere;
  }

  #place(block: FileBlock, { frame, placeMs }: WindowFrame): void {
    const offMs = block.timeMs - placeMs;
    this.#matched++;
    if (frame.shownEarlier) this.#shownEarlier++;
    this.#missingAtEnd = 0;
    this.#deviation.add(offMs);
    if (frame.sighting !== undefined) this.#expected.clock?.witness.see(frame.sighting, block.timeMs);
    if (Math.abs(offMs) <= TOLERANCE_MS) this.#shiftMs = 0;
    else {
      this.#shiftMs = offMs;
      if (this.#shifted.count === 0) this.#firstShiftMs = offMs;
      this.#shifted.note(placeMs);
    }
    this.#reach(frame, placeMs);
    this.#forgetStrangers(placeMs - 2 * REACH_MS);
  }

  #expire(beforeMs: number): void {
    let count = 0;
    for (let first = this.#source.at(0); first !== undefined && first.placeMs < beforeMs; ) {
      first = this.#source.at(++count);
    }
    this.#missFirst(count);
  }

  #missFirst(count: number): void {
    for (let index = 0; index < count; index++) this.#miss(this.#source.at(index) as WindowFrame);
    if (count > 0) this.#source.drop(count);
  }

  #miss({ frame, placeMs }: WindowFrame): void {
    if (this.#isHeardTwice(frame)) return;
    this.#reach(frame, placeMs);
    const stranger = this.#strangers.findIndex(
      ({ timeMs }) =>
        Math.abs(timeMs - placeMs) <= TOLERANCE_MS ||
        Math.abs(timeMs - placeMs - this.#shiftMs) <= TOLERANCE_MS,
    );
    if (stranger >= 0) {
      this.#strangers.splice(stranger, 1);
      this.#spoilt.note(placeMs);
      return;
    }
    this.#missing.note(placeMs);
    this.#missingAtEnd++;
  }

  /** Audio that begins while what is in the file still sounds for half of it: where recordings overlap, one of them is left out. */
  #isHeardTwice({ atMs, durationMs }: SourceFrame): boolean {
    if (durationMs === undefined) return false;
    return this.#keptEndMs - atMs >= Math.max(durationMs / 2 - OVERLAP_GRAIN_MS, durationMs / 4);
  }

  #reach({ durationMs }: SourceFrame, placeMs: number): void {
    this.#extent.add(placeMs, durationMs);
    this.#keptEndMs = Math.max(this.#keptEndMs, placeMs + (durationMs ?? 0));
  }

  #remember({ timeMs, bytes, keyFrame }: FileBlock): void {
    const isAudio = this.#expected.kind === 'audio';
    // Silence in the place of a packet is a packet left out, not one spoilt.
    if (isAudio && isSilentOpus(bytes)) return;
    this.#strangers.push({ timeMs, mayBeFiller: !isAudio && keyFrame });
    this.#forgetStrangers(timeMs - 2 * REACH_MS);
  }

  #forgetStrangers(beforeMs: number): void {
    if (this.#strangers.length === 0) return;
    const isPast = ({ timeMs }: Stranger) => timeMs < beforeMs;
    for (const { timeMs } of this.#strangers.filter((one) => isPast(one) && !one.mayBeFiller))
      this.#foreign.note(timeMs);
    this.#strangers = this.#strangers.filter((one) => !isPast(one));
  }
}
