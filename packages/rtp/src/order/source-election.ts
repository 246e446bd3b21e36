import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { StreamStatistics } from './statistics.ts';
import { MAX_DROPOUT, sequenceDistance } from './unwrap.ts';
import { type Waiting, WaitingPackets } from './waiting-packets.ts';

interface Candidate {
  readonly ssrc: number;
  readonly waiting: WaitingPackets;
  /** Octets of what waits. */
  bytes: number;
  /** How many of them came since the followed source was last heard. */
  sinceFollowed: number;
  /** Two in a row had neighbouring sequence numbers: no stray packet. */
  confirmed: boolean;
}

/** More sources than this at a time are noise; the one that said least is dropped. */
const MAX_CANDIDATES = 64;
/** A candidate that said so much while the followed source said nothing takes over whatever the receive times. */
const MAX_WAITING = 1024;
/** Octets of all that may wait: many times what other sources say within a second. */
const MAX_WAITING_BYTES = 16 * 1024 * 1024;
/** A source that sent so many packets while another one was followed is no stray one. */
const BESIDE_PACKETS = 20;

/**
 * Decides which SSRC is followed. Packets of other sources wait here. While none is followed, the first with two
 * neighbouring packets wins. A later one wins once the followed source has been silent for `takeoverMs` of receive
 * time; all that waited of it comes along, so that nothing of a takeover is lost. Packets that waited while the
 * followed source went on for longer than that are foreign.
 */
export class SourceElection {
  readonly #takeoverMs: number;
  readonly #statistics: StreamStatistics;
  #candidates: Candidate[] = [];
  /** How many ever came on probation, a returning one counted again. */
  #sources = 0;
  /** Octets of all that waits. */
  #bytes = 0;
  /** Packets of confirmed sources that the followed one spoke beside. */
  readonly #beside = new Map<number, number>();
  /** Receive time of the followed source's latest packet; undefined while none is followed. */
  #followedMs: number | undefined;

  constructor(takeoverMs: number, statistics: StreamStatistics) {
    this.#takeoverMs = takeoverMs;
    this.#statistics = statistics;
  }

  /** Some source is on probation. */
  get open(): boolean {
    return this.#candidates.length > 0;
  }

  /** Sources that sent media for a while beside the followed one. */
  get beside(): readonly number[] {
    return [...this.#beside].flatMap(([ssrc, packets]) => (packets >= BESIDE_PACKETS ? [ssrc] : []));
  }

  knows(ssrc: number): boolean {
    return this.#candidates.some((candidate) => candidate.ssrc === ssrc);
  }

  followedSpoke(receivedMs: number): void {
    this.#followedMs = receivedMs;
    if (this.#candidates.length > 0) this.#dropOld(receivedMs - this.#takeoverMs);
  }

  /** A packet of a source that is not followed. Ask `elect` afterwards. */
  consider(packet: RtpPacket, receivedMs: number): void {
    const candidate = this.#candidateOf(packet.ssrc);
    const last = candidate.waiting.packets.at(-1);
    if (last !== undefined && !candidate.confirmed) {
      const distance = sequenceDistance(last.packet.sequence, packet.sequence);
      if (Math.abs(distance) > MAX_DROPOUT) this.#giveUpOn(candidate);
      else if (distance !== 0) candidate.confirmed = true;
    }
    candidate.waiting.add({ packet, receivedMs });
    candidate.bytes += packet.bytes.length;
    this.#bytes += packet.bytes.length;
    candidate.sinceFollowed++;
    if (candidate.waiting.count > 2 * MAX_WAITING) this.#drop(candidate, MAX_WAITING);
    if (this.#bytes > MAX_WAITING_BYTES) this.#dropHeaviest();
  }

  /**
   * All packets of the source that is to be followed from now on; of several that could be, the one that came first.
   * Ask again when they have been dealt with. Undefined: all stays as it is.
   */
  elect(nowMs: number): readonly Waiting[] | undefined {
    const followedMs = this.#followedMs;
    const silent = followedMs === undefined || nowMs - followedMs >= this.#takeoverMs;
    const ready = this.#candidates.some(
      ({ confirmed, sinceFollowed }) =>
        confirmed && sinceFollowed > 0 && (silent || sinceFollowed >= MAX_WAITING),
    );
    return ready ? this.#take(this.#earliest(0)) : undefined;
  }

  /**
   * The input is over, nobody has to be silent any longer: the next source that mostly came behind the followed one.
   * A single packet is enough where it is the only one there ever was; among others it would as well be noise. Ask
   * again until undefined: what is left then was foreign.
   */
  settle(): readonly Waiting[] | undefined {
    const only = this.#candidates[0];
    if (this.#sources === 1 && only !== undefined) only.confirmed = true;
    const taken = this.#take(this.#earliest(0.5));
    if (taken !== undefined) return taken;
    for (const candidate of this.#candidates) this.#giveUpOn(candidate);
    this.#candidates = [];
    return undefined;
  }

  #candidateOf(ssrc: number): Candidate {
    let found = this.#candidates.find((candidate) => candidate.ssrc === ssrc);
    if (found !== undefined) return found;
    if (this.#candidates.length === MAX_CANDIDATES) this.#dropQuietest();
    this.#sources++;
    found = { ssrc, waiting: new WaitingPackets(), bytes: 0, sinceFollowed: 0, confirmed: false };
    this.#candidates.push(found);
    return found;
  }

  /** Of the candidates with more than `share` of their packets behind the followed source's, the one that began first. */
  #earliest(share: number): Candidate | undefined {
    const followedMs = this.#followedMs ?? Number.NEGATIVE_INFINITY;
    let earliest: Candidate | undefined;
    let earliestMs = Number.POSITIVE_INFINITY;
    for (const candidate of this.#candidates) {
      const { waiting, confirmed, sinceFollowed } = candidate;
      const first = waiting.packets[0];
      if (!confirmed || first === undefined || first.receivedMs >= earliestMs) continue;
      const later = waiting.packets.filter(({ receivedMs }) => receivedMs > followedMs).length;
      if (Math.max(later, sinceFollowed) <= share * waiting.count) continue;
      earliest = candidate;
      earliestMs = first.receivedMs;
    }
    return earliest;
  }

  #take(winner: Candidate | undefined): readonly Waiting[] | undefined {
    if (winner === undefined) return undefined;
    this.#candidates = this.#candidates.filter((candidate) => candidate !== winner);
    this.#bytes -= winner.bytes;
    return winner.waiting.packets;
  }

  #dropOld(beforeMs: number): void {
    for (const candidate of this.#candidates) {
      candidate.sinceFollowed = 0;
      const keep = candidate.waiting.packets.findIndex(({ receivedMs }) => receivedMs >= beforeMs);
      if (keep === 0) continue;
      const count = keep < 0 ? candidate.waiting.count : keep;
      if (candidate.confirmed) this.#noteBeside(candidate.ssrc, count);
      this.#drop(candidate, count);
    }
    if (this.#candidates.some(({ waiting }) => waiting.count === 0)) {
      this.#candidates = this.#candidates.filter(({ waiting }) => waiting.count > 0);
    }
  }

  #noteBeside(ssrc: number, count: number): void {
    const before = this.#beside.get(ssrc);
    if (before === undefined && this.#beside.size === MAX_CANDIDATES) return;
    this.#beside.set(ssrc, (before ?? 0) + count);
  }

  #dropQuietest(): void {
    let quietest = this.#candidates[0] as Candidate;
    for (const candidate of this.#candidates) {
      if (candidate.waiting.count < quietest.waiting.count) quietest = candidate;
    }
    this.#giveUpOn(quietest);
    this.#candidates = this.#candidates.filter((candidate) => candidate !== quietest);
  }

  /** Of the one with most octets the older half. */
  #dropHeaviest(): void {
    const heaviest = this.#candidates.reduce((most, other) => (other.bytes > most.bytes ? other : most));
    this.#drop(heaviest, Math.ceil(heaviest.waiting.count / 2));
  }

  #giveUpOn(candidate: Candidate): void {
    this.#drop(candidate, candidate.waiting.count);
    candidate.sinceFollowed = 0;
  }

  /** The oldest of what waits is foreign. */
  #drop(candidate: Candidate, count: number): void {
    for (const { packet } of candidate.waiting.dropOldest(count)) {
      candidate.bytes -= packet.bytes.length;
      this.#bytes -= packet.bytes.length;
    }
    this.#statistics.foreign += count;
  }
}
