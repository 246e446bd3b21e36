import type { Packet, Report, Segment } from './call.ts';
import { rateAt } from './clocks.ts';
import type { Change, PersonPlan, TrackPlan } from './plan.ts';
import type { Random } from './random.ts';
import { type Anchor, Reporter, wrapped } from './reporter.ts';
import { Wire } from './wire.ts';

const AUDIO_PACKET_MS = 20;
const DTX_PACKET_MS = 400;
const KEY_FRAMES_EVERY_MS = 8000;

/** Captures, sends and carries one track, from its beginning to its end. */
export function sendTrack(
  plan: TrackPlan,
  person: PersonPlan,
  startUnixMs: number,
  random: Random,
): Segment[] {
  const sender = new TrackSender(plan, person, startUnixMs, random);
  const { changes } = plan;
  let next = 0;
  for (;;) {
    for (
      let change = changes[next];
      change !== undefined && change.atMs <= sender.atMs;
      change = changes[next]
    ) {
      sender.apply(change);
      next++;
    }
    if (sender.atMs >= plan.toMs) return sender.segments;
    sender.capture();
  }
}

class TrackSender {
  readonly #plan: TrackPlan;
  readonly #random: Random;
  readonly #wire: Wire;
  readonly #reporter: Reporter;
  readonly #ticksPerMs: number;
  #segment: { readonly packets: Packet[]; readonly reports: Report[] } = { packets: [], reports: [] };
  readonly segments: Segment[] = [this.#segment];
  /** True time of the next capture. */
  atMs: number;
  /** Of the next capture, not wrapped. */
  #ticks: number;
  #ssrc: number;
  #sequence: number;
  /** The last packet of this segment and source, as far as there is one. */
  #anchor: Anchor | undefined;
  #sentMs = Number.NEGATIVE_INFINITY;
  #silentUntilMs = Number.NEGATIVE_INFINITY;
  #keyFrameMs = Number.NEGATIVE_INFINITY;

  constructor(plan: TrackPlan, person: PersonPlan, startUnixMs: number, random: Random) {
    this.#plan = plan;
    this.#random = random;
    this.#wire = new Wire(person.network, random);
    this.#reporter = new Reporter(plan, { person, startUnixMs, wire: this.#wire, random });
    this.#ticksPerMs = plan.kind === 'audio' ? 48 : 90;
    this.atMs = plan.fromMs;
    this.#ticks = plan.firstTimestamp;
    this.#sequence = plan.firstSequence;
    this.#ssrc = random.uint32();
  }

  capture(): void {
    if (this.#plan.kind === 'audio') this.#captureSound();
    else this.#capturePicture();
  }

  apply(change: Change): void {
    switch (change.kind) {
      case 'stall':
        this.#reportUntil(this.atMs + change.lengthMs, this.atMs);
        this.atMs += change.lengthMs;
        return;
      case 'pause':
        this.#pass(change.lengthMs);
        return;
      case 'dtx':
        this.#silentUntilMs = change.atMs + change.lengthMs;
        return;
      case 'jump':
        this.#ticks += Math.round(change.byMs * this.#ticksPerMs);
        return;
      case 'source':
        this.#ssrc = this.#random.uint32();
        this.#beginAnew();
        return;
      case 'reset':
        this.#beginAnew();
        return;
      case 'segment':
        this.#segment = { packets: [], reports: [] };
        this.segments.push(this.#segment);
        this.#anchor = undefined;
        if (change.ticks === 'run') this.#pass(change.gapMs);
        else this.atMs += change.gapMs;
        if (change.ticks === 'anew') this.apply({ kind: 'source', atMs: change.atMs });
    }
  }

  #captureSound(): void {
    const isSilent = this.atMs < this.#silentUntilMs;
    const rate = rateAt(this.#plan.rate, this.atMs);
    const heldMs = AUDIO_PACKET_MS / rate + this.#plan.encodeMs + this.#random.exponential(0.5);
    this.#send(this.atMs + heldMs, { marker: false, durationMs: AUDIO_PACKET_MS });
    this.#pass(isSilent ? DTX_PACKET_MS : AUDIO_PACKET_MS);
  }

  #capturePicture(): void {
    const random = this.#random;
    const isKeyFrame = this.atMs - this.#keyFrameMs >= KEY_FRAMES_EVERY_MS;
    if (isKeyFrame) this.#keyFrameMs = this.atMs;
    const packets = isKeyFrame ? random.integer(6, 16) : random.integer(1, 2);
    const pacedMs = isKeyFrame ? random.between(3, 25) : 0.3;
    const readyMs = this.atMs + this.#plan.encodeMs + random.exponential(isKeyFrame ? 8 : 2);
    for (let index = 0; index < packets; index++)
      this.#send(readyMs + index * pacedMs, { marker: index === packets - 1, durationMs: 0 });
    // Cameras are not punctual, and their pictures are stamped as they come.
    this.#pass((1000 / this.#plan.framesPerSecond) * random.between(0.9, 1.1));
  }

  #send(readyMs: number, { marker, durationMs }: Pick<Packet, 'marker' | 'durationMs'>): void {
    const sentMs = Math.max(readyMs, this.#sentMs + 0.05);
    this.#sentMs = sentMs;
    const ticks = Math.round(this.#ticks);
    const anchor = {
      ssrc: this.#ssrc,
      capturedMs: this.atMs,
      ticks,
      ticksPerMs: this.#ticksPerMs * rateAt(this.#plan.rate, this.atMs),
    };
    if (this.#anchor === undefined) this.#reporter.begin(anchor, this.#segment.reports);
    else this.#reportUntil(sentMs);
    this.#anchor = anchor;
    const sequence = this.#sequence;
    this.#sequence = (sequence + 1) & 0xffff;
    const arrivedMs = this.#wire.arrival(sentMs);
    if (arrivedMs === undefined) return;
    this.#segment.packets.push({
      ssrc: this.#ssrc,
      sequence,
      timestamp: wrapped(ticks, 2 ** 32),
      marker,
      capturedMs: this.atMs,
      sentMs,
      arrivedMs,
      durationMs,
    });
  }

  #reportUntil(untilMs: number, stoodSinceMs?: number): void {
    if (this.#anchor !== undefined)
      this.#reporter.until(untilMs, this.#anchor, this.#segment.reports, stoodSinceMs);
  }

  /** Time goes by, and ticks with it. */
  #pass(mediaMs: number): void {
    this.#ticks += mediaMs * this.#ticksPerMs;
    this.atMs += mediaMs / rateAt(this.#plan.rate, this.atMs);
  }

  /** Where the numbers before are not taken for late ones of these. */
  #beginAnew(): void {
    this.#sequence = (this.#sequence + this.#random.integer(16_384, 49_152)) & 0xffff;
    this.#ticks = this.#random.uint32();
    this.#anchor = undefined;
  }
}
