import { AdaptiveThreshold } from './adaptive-threshold.ts';
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

interface Heard extends SpeechPacket {
  readonly evidence: 'level' | 'vad' | 'size' | 'silence';
  /** For `level` and `size`. */
  readonly loudness: number;
  /** For `size`: it has as many bytes as the one before. */
  readonly isRepeat: boolean;
}

/**
 * Tells from packets alone when somebody spoke. Each packet is judged among those of 15 s before and after it, which is
 * all that is kept of them; `finish` judges the rest.
 */
export class SpeechDetector {
  readonly #turns = new TurnBuilder();
  readonly #level = new AdaptiveThreshold(LEVEL_THRESHOLD);
  readonly #size = new AdaptiveThreshold(SIZE_THRESHOLD);
  readonly #judgedMs = { level: 0, vad: 0, size: 0, presence: 0 };
  /** The window; those before `#next` are judged, those before `#first` have left it. */
  #window: Heard[] = [];
  #first = 0;
  #next = 0;
  #sized = 0;
  #repeats = 0;
  #lastSize = { byteLength: 0, durationMs: 0 };
  #judgedAtMs: number | undefined;
  /** The sender has set the V bit, so that its absence says something. */
  #setsVoiceBit = false;

  push(packet: SpeechPacket): void {
    const latest = this.#window.at(-1)?.atMs ?? packet.atMs;
    this.#enter(this.#hear({ ...packet, atMs: Math.max(packet.atMs, latest) }));
    while (this.#isRipe(packet.atMs)) this.#judgeNext();
    this.#forget();
  }

  /** Turns in order and apart, within the span of the packets. */
  finish(): readonly Turn[] {
    while (this.#next < this.#window.length) this.#judgeNext();
    return this.#turns.finish();
  }

  /** What most of the time was told by; `presence` where nothing was sent. */
  get evidence(): Evidence {
    const order = ['level', 'vad', 'size', 'presence'] as const;
    return order.reduce((best, one) => (this.#judgedMs[one] > this.#judgedMs[best] ? one : best), 'presence');
  }

  #isRipe(nowMs: number): boolean {
    const next = this.#window[this.#next];
    if (next === undefined) return false;
    return nowMs - next.atMs >= WINDOW_MS || this.#window.length - this.#next > MAX_WINDOW_PACKETS / 2;
  }

  #hear(packet: SpeechPacket): Heard {
    const { audioLevel, byteLength, durationMs } = packet;
    const isSilent = isSilentSize(byteLength, durationMs);
    if (audioLevel !== undefined) {
      this.#setsVoiceBit ||= audioLevel.voice;
      const loudness = isSilent ? 0 : Math.max(0, SILENT_LEVEL - audioLevel.level);
      return { ...packet, evidence: 'level', loudness, isRepeat: false };
    }
    if (packet.voice !== undefined) return { ...packet, evidence: 'vad', loudness: 0, isRepeat: false };
    if (isSilent) return { ...packet, evidence: 'silence', loudness: 0, isRepeat: false };
    const last = this.#lastSize;
    const isRepeat = byteLength === last.byteLength && durationMs === last.durationMs;
    this.#lastSize = { byteLength, durationMs };
    return { ...packet, evidence: 'size', loudness: sizeLoudness(byteLength, durationMs), isRepeat };
  }

  #enter(heard: Heard): void {
    this.#window.push(heard);
    if (heard.evidence === 'level') this.#level.add(heard.loudness);
    if (heard.evidence !== 'size') return;
    this.#size.add(heard.loudness);
    this.#sized++;
    if (heard.isRepeat) this.#repeats++;
  }

  #leave(heard: Heard): void {
    if (heard.evidence === 'level') this.#level.remove(heard.loudness);
    if (heard.evidence !== 'size') return;
    this.#size.remove(heard.loudness);
    this.#sized--;
    if (heard.isRepeat) this.#repeats--;
  }

  #judgeNext(): void {
    const heard = this.#window[this.#next];
    if (heard === undefined) return;
    this.#slideTo(heard.atMs);
    const elapsedMs = heard.atMs - (this.#judgedAtMs ?? heard.atMs);
    this.#judgedAtMs = heard.atMs;
    this.#turns.add(this.#activity(heard, elapsedMs), heard.atMs, heard.durationMs);
    this.#next++;
  }

  #slideTo(atMs: number): void {
    for (; this.#first < this.#next; this.#first++) {
      const oldest = this.#window[this.#first];
      if (oldest === undefined) return;
      if (atMs - oldest.atMs <= WINDOW_MS && this.#next - this.#first <= MAX_WINDOW_PACKETS / 2) return;
      this.#leave(oldest);
    }
  }

  #activity(heard: Heard, elapsedMs: number): Activity {
    switch (heard.evidence) {
      case 'silence':
        return 'quiet';
      case 'level':
        this.#judgedMs.level += heard.durationMs;
        return this.#levelActivity(heard, elapsedMs);
      case 'vad':
        this.#judgedMs.vad += heard.durationMs;
        return heard.voice === true ? 'loud' : 'quiet';
      case 'size':
        if (this.#repeats >= CONSTANT_RATE_SHARE * this.#sized - 1) {
          this.#judgedMs.presence += heard.durationMs;
          return 'loud';
        }
        this.#judgedMs.size += heard.durationMs;
        return activityAt(this.#smoothed(), this.#size.thresholds(elapsedMs));
      default:
        return heard.evidence satisfies never;
    }
  }

  /** Without the V bit nothing begins, where the sender uses it; browsers set it on all but comfort noise. */
  #levelActivity({ loudness, audioLevel }: Heard, elapsedMs: number): Activity {
    const activity = activityAt(loudness, this.#level.thresholds(elapsedMs));
    const mayBegin = audioLevel?.voice === true || !this.#setsVoiceBit;
    return activity === 'loud' && !mayBegin ? 'soft' : activity;
  }

  /** The median loudness of the packet to be judged and of its neighbours that are judged by size too. */
  #smoothed(): number {
    const centre = this.#window[this.#next];
    const loudnesses: number[] = [];
    const take = (step: 1 | -1, from: number) => {
      for (let index = from; index >= this.#first; index += step) {
        const heard = this.#window[index];
        if (heard === undefined || centre === undefined || heard.evidence !== 'size') return;
        if (loudnesses.length >= MAX_SMOOTHED || Math.abs(heard.atMs - centre.atMs) > SMOOTHING_MS) return;
        loudnesses.push(heard.loudness);
      }
    };
    take(1, this.#next);
    take(-1, this.#next - 1);
    return loudnesses.sort((a, b) => a - b)[loudnesses.length >> 1] ?? 0;
  }

  /** Lets go of what has left the window, many at a time: taking them off one by one would move the rest each time. */
  #forget(): void {
    if (this.#first < 1024) return;
    this.#window = this.#window.slice(this.#first);
    this.#next -= this.#first;
    this.#first = 0;
  }
}

function activityAt(loudness: number, { open, close }: { open: number; close: number }): Activity {
  if (loudness >= open) return 'loud';
  return loudness >= close ? 'soft' : 'quiet';
}
