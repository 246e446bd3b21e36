import { CODECS, type Codec, type CodecFacts } from '../codec.ts';
import type { ParseFec } from '../packet/fec/fec-packet.ts';
import { FEC_SCHEMES } from '../packet/fec/fec-schemes.ts';
import { parseRed } from '../packet/red.ts';
import type { RtpPacket } from '../packet/rtp-packet.ts';
import type { PayloadFormat, SessionDescription } from '../sdp/session-description.ts';
import type { Waiting } from './waiting-packets.ts';

/** What to do with a payload type. `unknown`: nothing says what it is. `other`: known, and not wanted. */
export type PayloadUse = 'media' | 'rtx' | 'red' | 'fec' | 'other' | 'unknown';

/**
 * Which payload types carry the media. The SDP's formats of the codec's name, several for H264; where it names none
 * of them, what it says is inside RED, or its only media format; where that is not to be had either, or where no packet
 * carries what the SDP says, the payload type that most packets of the dump's beginning have, unless the SDP says that it
 * is another codec.
 */
export class PayloadPolicy {
  readonly #uses: PayloadUse[] = new Array<PayloadUse>(128).fill('unknown');
  readonly #apt = new Map<number, number>();
  readonly #fec = new Map<number, ParseFec>();
  readonly #isAudio: boolean;
  #firstMedia: number | undefined;

  constructor(codec: Codec, description: SessionDescription | undefined) {
    const { kind, encodings }: CodecFacts = CODECS[codec];
    this.#isAudio = kind === 'audio';
    if (description === undefined) return;
    const formats = [...description.formats.values()];
    for (const format of formats) this.#classify(format);
    const media = formats.filter((format) => format.role === 'media');
    const named = media.filter((format) => encodings.includes(format.name.toLowerCase()));
    const chosen = named.length > 0 ? named : media.length === 1 ? media : [];
    if (named.length > 0) for (const { payloadType } of media) this.#uses[payloadType] = 'other';
    for (const { payloadType } of chosen) this.#use(payloadType);
    if (this.#isAudio)
      for (const { blocks = [] } of formats) for (const block of blocks) this.isMediaBlock(block);
  }

  useOf(payloadType: number): PayloadUse {
    return this.#uses[payloadType] as PayloadUse;
  }

  /** Some payload type is for forward error correction that is understood. */
  get knowsFec(): boolean {
    return this.#fec.size > 0;
  }

  /** How a payload type's forward error correction is read; undefined where it is none. */
  fecOf(payloadType: number): ParseFec | undefined {
    return this.#fec.get(payloadType);
  }

  /** The payload type that an RTX payload type repeats, if that one is wanted. */
  repeatedBy(payloadType: number): number | undefined {
    const apt = this.#apt.get(payloadType) ?? this.#firstMedia;
    if (apt === undefined) return undefined;
    const use = this.useOf(apt);
    return use === 'media' || use === 'red' ? apt : undefined;
  }

  /** Whether a block of RED is media. Where nothing names the media, the first block does. */
  isMediaBlock(payloadType: number): boolean {
    const isUnnamed = this.#firstMedia === undefined && this.useOf(payloadType) === 'unknown';
    if (isUnnamed) this.#use(payloadType);
    return this.useOf(payloadType) === 'media';
  }

  /** Whether a packet of an unknown payload type wraps the media, which a sender may begin to do at any time. */
  recognizeRed(packet: RtpPacket): boolean {
    if (!this.#isAudio || this.useOf(packet.payloadType) !== 'unknown') return false;
    const red = parseRed(packet.payload);
    if (red === undefined || red.redundant.length === 0) return false;
    const blocks = [red.primary, ...red.redundant];
    if (!blocks.every(({ payloadType }) => this.useOf(payloadType) === 'media')) return false;
    this.#uses[packet.payloadType] = 'red';
    return true;
  }

  /** A payload type has turned out to be the media's. */
  adopt(payloadType: number): void {
    this.#use(payloadType);
  }

  /** Settles on the payload type that most of these packets have. */
  decide(beginning: readonly Waiting[]): void {
    const packets = beginning.map(({ packet }) => packet).filter((packet) => packet.payloadLength > 0);
    const groups = new Map<number, RtpPacket[]>();
    for (const packet of packets) {
      if (this.useOf(packet.payloadType) !== 'unknown') continue;
      const group = groups.get(packet.payloadType);
      if (group === undefined) groups.set(packet.payloadType, [packet]);
      else group.push(packet);
    }
    let best: number | undefined;
    let most = 0;
    for (const [payloadType, group] of groups) {
      if (group.length <= most || repeatsOthers(group, packets)) continue;
      best = payloadType;
      most = group.length;
    }
    if (best === undefined) return;
    const block = this.#isAudio ? blockTypeOf(groups.get(best) ?? []) : undefined;
    if (block === undefined) this.#use(best);
    else {
      this.#uses[best] = 'red';
      this.#use(block);
    }
  }

  #use(payloadType: number): void {
    this.#uses[payloadType] = 'media';
    this.#firstMedia ??= payloadType;
  }

  #classify(format: PayloadFormat): void {
    const { role, payloadType, apt } = format;
    const scheme = FEC_SCHEMES.get(format.name.toLowerCase());
    if (scheme !== undefined) {
      this.#uses[payloadType] = 'fec';
      this.#fec.set(payloadType, scheme);
    } else if (role === 'rtx' || role === 'red') this.#uses[payloadType] = role;
    else if (role !== 'media') this.#uses[payloadType] = 'other';
    if (apt !== undefined) this.#apt.set(payloadType, apt);
  }
}

/**
 * Whether these are mostly retransmissions: timestamp and original sequence number, the first two bytes of an RTX
 * payload (RFC 4588 §4), are those of another payload type's packet. Chromium probes with so many of them that they
 * can be the majority of a recording's beginning.
 */
function repeatsOthers(group: readonly RtpPacket[], all: readonly RtpPacket[]): boolean {
  const own = group[0]?.payloadType;
  const others = new Set<number>();
  for (const packet of all) {
    if (packet.payloadType !== own) others.add(packet.timestamp * 0x10000 + packet.sequence);
  }
  let repeated = 0;
  for (const packet of group) {
    if (packet.payloadLength < 2) continue;
    const { bytes, payloadOffset } = packet;
    const original = ((bytes[payloadOffset] as number) << 8) | (bytes[payloadOffset + 1] as number);
    if (others.has(packet.timestamp * 0x10000 + original)) repeated++;
  }
  return repeated * 2 > group.length;
}

/**
 * The payload type inside, where these packets are RED that nobody announced (RFC 2198). Plain media can look like it; that
 * an older block repeats, byte for byte, what the packet of its time carried cannot be chance.
 */
function blockTypeOf(group: readonly RtpPacket[]): number | undefined {
  const primaries = new Map<number, Uint8Array>();
  let repeated = 0;
  let differing = 0;
  let inside: number | undefined;
  for (const { payload, timestamp } of group) {
    const red = parseRed(payload);
    if (red === undefined) return undefined;
    for (const { timestampOffset, start, end } of red.redundant) {
      const primary = primaries.get((timestamp - timestampOffset) >>> 0);
      if (primary === undefined || start === end) continue;
      if (isSame(primary, payload.subarray(start, end))) repeated++;
      else differing++;
    }
    inside = red.primary.payloadType;
    primaries.set(timestamp, payload.subarray(red.primary.start, red.primary.end));
  }
  return repeated > differing ? inside : undefined;
}

const isSame = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && one.every((byte, index) => byte === other[index]);
