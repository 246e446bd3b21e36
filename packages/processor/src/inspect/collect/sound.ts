import { type MediaPacket, opusDurationTicks, opusVoice } from '@rawreel/rtp';
import { SpeechDetector, type Turn } from '../../speech/speech-detector.ts';
import { SECOND, type Seconds } from './seconds.ts';

const TICKS_PER_MS = 48;

/** A sender in DTX refreshes comfort noise every 400 ms: where nothing came for longer, it had stopped. */
const MOST_DTX_MS = 1000;

/** A receiver's buffer holds less: where sound came so much later than it should behind what was before it, there was a hole. */
const INTERRUPTED_MS = 200;

const MOST_HOLES = 20_000;

/** A stretch of sound that a listener did not have in time, ms from the recording's zero. */
export interface Hole {
  readonly fromMs: number;
  readonly untilMs: number;
  /** It never came, or it came too late. */
  readonly kind: 'lost' | 'late';
}

export interface SoundCounts {
  readonly packets: number;
  /** Sound that was carried. */
  readonly carriedMs: number;
  /** Silence that was not sent, sequence numbers going on (DTX). */
  readonly dtxMs: number;
  /** The same for longer than DTX lasts: the sender had stopped. */
  readonly pausedMs: number;
  /** Carried with the level of digital silence (127). */
  readonly silentMs: number;
  /** Never came, by whatever way: what decoders conceal. */
  readonly concealedMs: number;
  /** Came so late that a listener had a hole. */
  readonly interruptedMs: number;
  /** Mean of the levels that were carried, weighted by time; undefined where none was. */
  readonly level: { readonly sumDbov: number; readonly ms: number } | undefined;
  readonly holes: readonly Hole[];
  readonly turns: readonly Turn[];
}

/** Listens to the packets of a dump without decoding them. */
export class Sound {
  readonly #baseMs: number;
  readonly #seconds: Seconds;
  readonly #speech = new SpeechDetector();
  readonly #holes: Hole[] = [];
  #packets = 0;
  #carriedTicks = 0;
  #dtxMs = 0;
  #pausedMs = 0;
  #silentTicks = 0;
  #concealedMs = 0;
  #interruptedMs = 0;
  #levelSum = 0;
  #levelMs = 0;
  /** Of the last packet; before the first its run is none. */
  #run = -1;
  #ticks = 0;
  #endTicks = 0;
  #receivedMs = 0;
  /** When the current run's tick 0 was, by the arrival of its first packet. */
  #runZeroMs = 0;

  /** @param baseMs of the dump's offset 0, from the recording's zero */
  constructor(baseMs: number, seconds: Seconds) {
    this.#baseMs = baseMs;
    this.#seconds = seconds;
  }

  packet(packet: MediaPacket): void {
    const { run, rtpTicks, payload, audioLevel, receivedMs } = packet;
    const duration = opusDurationTicks(payload) ?? 0;
    const durationMs = duration / TICKS_PER_MS;
    if (this.#run === run) this.#follow(packet, durationMs);
    else this.#runZeroMs = this.#baseMs + receivedMs - rtpTicks / TICKS_PER_MS;
    const atMs = this.#runZeroMs + rtpTicks / TICKS_PER_MS;
    this.#packets++;
    this.#carriedTicks += duration;
    if (audioLevel !== undefined) {
      if (audioLevel.level === 127) this.#silentTicks += duration;
      this.#levelSum -= audioLevel.level * durationMs;
      this.#levelMs += durationMs;
      this.#seconds.raise(this.#seconds.at(this.#baseMs + receivedMs), SECOND.levelDbov, -audioLevel.level);
    }
    // A level says more.
    const voice = audioLevel === undefined ? opusVoice(payload) : undefined;
    this.#speech.push({ atMs, durationMs, byteLength: payload.length, audioLevel, voice });
    this.#run = run;
    this.#ticks = rtpTicks;
    this.#endTicks = rtpTicks + duration;
    this.#receivedMs = receivedMs;
  }

  finish(): SoundCounts {
    return {
      packets: this.#packets,
      carriedMs: this.#carriedTicks / TICKS_PER_MS,
      dtxMs: this.#dtxMs,
      pausedMs: this.#pausedMs,
      silentMs: this.#silentTicks / TICKS_PER_MS,
      concealedMs: this.#concealedMs,
      interruptedMs: this.#interruptedMs,
      level: this.#levelMs === 0 ? undefined : { sumDbov: this.#levelSum, ms: this.#levelMs },
      holes: this.#holes,
      turns: this.#speech.finish(),
    };
  }

  #follow({ rtpTicks, lossBefore, receivedMs }: MediaPacket, durationMs: number): void {
    const gapMs = (rtpTicks - this.#endTicks) / TICKS_PER_MS;
    const fromMs = this.#runZeroMs + this.#endTicks / TICKS_PER_MS;
    const lostMs = Math.max(0, Math.min(gapMs, lossBefore * durationMs));
    if (lostMs > 0) {
      this.#concealedMs += lostMs;
      this.#hole(fromMs, lostMs, 'lost');
    }
    const unsentMs = gapMs - lostMs;
    if (unsentMs > MOST_DTX_MS) this.#pausedMs += unsentMs;
    else if (unsentMs > 0) this.#dtxMs += unsentMs;
    const heldMs = receivedMs - this.#receivedMs - (rtpTicks - this.#ticks) / TICKS_PER_MS;
    if (heldMs < INTERRUPTED_MS) return;
    this.#interruptedMs += heldMs;
    this.#hole(fromMs, heldMs, 'late');
  }

  #hole(fromMs: number, ms: number, kind: Hole['kind']): void {
    if (this.#holes.length < MOST_HOLES) this.#holes.push({ fromMs, untilMs: fromMs + ms, kind });
  }
}
