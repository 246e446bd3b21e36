import { AdaptiveThreshold } from './adaptive-threshold.ts';
import { HEARD, type HeardBy, type HeardIndex, HeardWindow } from './heard-window.ts';
import { isSilentSize, STEPS_PER_DOUBLING, sizeLoudness } from './packet-size.ts';
import { type Activity, type Turn, TurnBuilder } from './turn-builder.ts';

export type { Turn } from './turn-builder.ts';

/** One Opus packet as the detector sees it, in time order. */
export interface SpeechPacket {
  /** Call-clock ms since the recording's zero. */
  readonly atMs: number;
  readonly durationMs: number;
  readonly byteLength: number;
  /** RFC 6464, where the packet carries it: level 0..127 is minus dBov. */
  readonly audioLevel?: { readonly level: number; readonly voice: boolean } | undefined;
  /** What the encoder itself took it for, where it says so (`opusVoice`, RFC 6716 §4.2.3). */
  readonly voice?: boolean | undefined;
}

/** What turns were told by, the best first. */
export type Evidence =
  /** The sender's audio levels (RFC 6464). */
  | 'level'
  /** The voice flags of SILK and hybrid packets (RFC 6716 §4.2.3). */
  | 'vad'
  /** Bytes: an encoder of variable rate spends them on sound. */
  | 'size'
  /** All packets are of one size: whatever was sent is a turn, so only DTX and mute end one. */
  | 'presence';

/** How far a packet's surroundings reach on each side: some sentences, so that there are pauses among them. */
const WINDOW_MS = 15_000;

/** The window in packets of 2.5 ms, the shortest: more are not kept, whatever their times say. */
const MAX_WINDOW_PACKETS = (2 * WINDOW_MS) / 2.5;

/** Of sizes so far to both sides the median counts: those of noise are uneven, and an encoder's first is twice as large. */
const SMOOTHING_MS = 30;

/** Packets of 2.5 ms that fit there: no more are looked at, whatever their times say. */
const MAX_SMOOTHED = (2 * SMOOTHING_MS) / 2.5 + 1;

/** Packets of a variable rate are as long as the one before by chance only, one in ten. */
const CONSTANT_RATE_SHARE = 0.8;

/** The loudest level, 0 dBov, in steps of 1 dB above 127. */
const SILENT_LEVEL = 127;

/**
 * Noise of a room is even to 3 dB from packet to packet; gain control puts voices 20 dB above it. A room louder than
 * −45 dBov is a voice or music; sound below −60 dBov comes from another room.
 */
const LEVEL_THRESHOLD = { margin: 9, highestFloor: SILENT_LEVEL - 45, lowestOpening: SILENT_LEVEL - 60 };

/** Smoothed sizes of noise stay within a third above their lowest tenth. */
const SIZE_THRESHOLD = {
  margin: Math.log2(1.35) * STEPS_PER_DOUBLING,
  highestFloor: Number.POSITIVE_INFINITY,
  lowestOpening: 0,
};

/**
 * Tells from packets alone when somebody spoke. Each packet is judged among those of 15 s before and after it, which is
 * all that is kept of them; `finish` judges the rest.
 */
export class SpeechDetector {
  readonly #turns = new TurnBuilder();
  readonly #level = new AdaptiveThreshold(LEVEL_THRESHOLD);
  readonly #size = new AdaptiveThreshold(SIZE_THRESHOLD);
  readonly #judgedMs = { level: 0, vad: 0, size: 0, presence: 0 };
  /** Those before `#next` are judged. */
  readonly #window = new HeardWindow();
  readonly #median = new SmallMedian();
  #next: HeardIndex = 0;
  #latestMs = Number.NEGATIVE_INFINITY;
  #sized = 0;
  #repeats = 0;
  #lastBytes = 0;
  #lastDurationMs = 0;
  #judgedAtMs: number | undefined;
  /** The sender has set the V bit, so that its absence says something. */
  #setsVoiceBit = false;

  push(packet: SpeechPacket): void {
    this.#latestMs = Math.max(packet.atMs, this.#latestMs);
    this.#hear(packet, this.#latestMs);
    while (this.#isRipe(packet.atMs)) this.#judgeNext();
  }

  /** Turns in order and apart, within the span of the packets. */
  finish(): readonly Turn[] {
    while (this.#next < this.#window.end) this.#judgeNext();
    return this.#turns.finish();
  }

  /** What most of the time was told by; `presence` where nothing was sent. */
  get evidence(): Evidence {
    const order = ['level', 'vad', 'size', 'presence'] as const;
    return order.reduce((best, one) => (this.#judgedMs[one] > this.#judgedMs[best] ? one : best), 'presence');
  }

  #isRipe(nowMs: number): boolean {
    const waiting = this.#window.end - this.#next;
    if (waiting === 0) return false;
    return nowMs - this.#window.atMs(this.#next) >= WINDOW_MS || waiting > MAX_WINDOW_PACKETS / 2;
  }

  #hear({ audioLevel, byteLength, durationMs, voice }: SpeechPacket, atMs: number): void {
    const isSilent = isSilentSize(byteLength, durationMs);
    if (audioLevel !== undefined) {
      this.#setsVoiceBit ||= audioLevel.voice;
      const loudness = isSilent ? 0 : Math.max(0, SILENT_LEVEL - audioLevel.level);
      this.#level.add(loudness);
      this.#window.enter(atMs, durationMs, HEARD.level, loudness, audioLevel.voice);
    } else if (voice !== undefined) this.#window.enter(atMs, durationMs, HEARD.vad, 0, voice);
    else if (isSilent) this.#window.enter(atMs, durationMs, HEARD.silence, 0, false);
    else this.#hearSize(byteLength, durationMs, atMs);
  }

  #hearSize(byteLength: number, durationMs: number, atMs: number): void {
    const isRepeat = byteLength === this.#lastBytes && durationMs === this.#lastDurationMs;
    this.#lastBytes = byteLength;
    this.#lastDurationMs = durationMs;
    const loudness = sizeLoudness(byteLength, durationMs);
    this.#size.add(loudness);
    this.#sized++;
    if (isRepeat) this.#repeats++;
    this.#window.enter(atMs, durationMs, HEARD.size, loudness, isRepeat);
  }

  #leave(oldest: HeardIndex): void {
    const window = this.#window;
    const heardBy = window.heardBy(oldest);
    if (heardBy === HEARD.level) this.#level.remove(window.loudness(oldest));
    else if (heardBy === HEARD.size) {
      this.#size.remove(window.loudness(oldest));
      this.#sized--;
      if (window.isFlagged(oldest)) this.#repeats--;
    }
    window.leave();
  }

  #judgeNext(): void {
    const window = this.#window;
    const next = this.#next;
    const atMs = window.atMs(next);
    const durationMs = window.durationMs(next);
    this.#slideTo(atMs);
    const elapsedMs = atMs - (this.#judgedAtMs ?? atMs);
    this.#judgedAtMs = atMs;
    this.#turns.add(this.#activity(window.heardBy(next), durationMs, elapsedMs), atMs, durationMs);
    this.#next++;
  }

  #slideTo(atMs: number): void {
    const window = this.#window;
    while (window.first < this.#next) {
      const { first } = window;
      if (atMs - window.atMs(first) <= WINDOW_MS && this.#next - first <= MAX_WINDOW_PACKETS / 2) return;
      this.#leave(first);
    }
  }

  #activity(heardBy: HeardBy, durationMs: number, elapsedMs: number): Activity {
    switch (heardBy) {
      case HEARD.silence:
        return 'quiet';
      case HEARD.level:
        this.#judgedMs.level += durationMs;
        return this.#levelActivity(elapsedMs);
      case HEARD.vad:
        this.#judgedMs.vad += durationMs;
        return this.#window.isFlagged(this.#next) ? 'loud' : 'quiet';
      case HEARD.size:
        if (this.#repeats >= CONSTANT_RATE_SHARE * this.#sized - 1) {
          this.#judgedMs.presence += durationMs;
          return 'loud';
        }
        this.#judgedMs.size += durationMs;
        return this.#size.activityOf(this.#smoothed(), elapsedMs);
      default:
        return heardBy satisfies never;
    }
  }

  /** Without the V bit nothing begins, where the sender uses it; browsers set it on all but comfort noise. */
  #levelActivity(elapsedMs: number): Activity {
    const activity = this.#level.activityOf(this.#window.loudness(this.#next), elapsedMs);
    const mayBegin = this.#window.isFlagged(this.#next) || !this.#setsVoiceBit;
    return activity === 'loud' && !mayBegin ? 'soft' : activity;
  }

  /** The median loudness of the packet to be judged and of its neighbours that are judged by size too. */
  #smoothed(): number {
    this.#median.clear();
    for (let index = this.#next; index < this.#window.end && this.#isNear(index); index++)
      this.#smooth(index);
    for (let index = this.#next - 1; index >= this.#window.first && this.#isNear(index); index--)
      this.#smooth(index);
    return this.#median.value;
  }

  #isNear(index: HeardIndex): boolean {
    const window = this.#window;
    if (window.heardBy(index) !== HEARD.size || this.#median.count >= MAX_SMOOTHED) return false;
    return Math.abs(window.atMs(index) - window.atMs(this.#next)) <= SMOOTHING_MS;
  }

  #smooth(index: HeardIndex): void {
    this.#median.add(this.#window.loudness(index));
  }
}

/** The median of a few numbers; of an even count the higher of the two in the middle. */
class SmallMedian {
  readonly #sorted = new Uint8Array(MAX_SMOOTHED);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get value(): number {
    return this.#count === 0 ? 0 : (this.#sorted[this.#count >> 1] as number);
  }

  clear(): void {
    this.#count = 0;
  }

  add(value: number): void {
    let at = this.#count++;
    for (; at > 0 && (this.#sorted[at - 1] as number) > value; at--)
      this.#sorted[at] = this.#sorted[at - 1] as number;
    this.#sorted[at] = value;
  }
}
