import {
  ArrivalOrder,
  CODECS,
  type Codec,
  isRtcp,
  type MediaPacket,
  MediaStream,
  parseSessionDescription,
  RtpdumpReader,
  type RtpdumpRecord,
  type SessionDescription,
} from '@rawreel/rtp';

/** `a=fmtp` of the codec, where an SDP has one. */
export function formatParameters(
  codec: Codec,
  sdp: string | undefined,
): ReadonlyMap<string, string> | undefined {
  if (sdp === undefined) return undefined;
  const { payloadTypes, formats } = parseSessionDescription(sdp, { kind: CODECS[codec].kind, codec });
  const format = payloadTypes
    .map((payloadType) => formats.get(payloadType))
    .find((known) => known?.name.toLowerCase() === codec);
  return format?.parameters;
}

/** Where the SSRC stands in the fixed header (RFC 3550 §5.1). */
const SSRC_OFFSET = 8;
const FIXED_HEADER_BYTES = 12;

/** Sees a record when the stream has taken it. */
export type WatchRecord = (record: RtpdumpRecord, stream: MediaStream) => void;

/** Hands on a packet and the number of its layer: 0 where there is one stream. */
export type TakePacket = (packet: MediaPacket, layer: number) => void;

/**
 * The bytes of one rtpdump become the packets of its media, in order: one stream, whose source may change; or, where its
 * camera sends several layers side by side (simulcast), a stream for each SSRC. RTCP, retransmissions and
 * forward error correction, which name no layer by their SSRC, are then shown to all of them.
 */
export class DumpPackets {
  readonly reader = new RtpdumpReader();
  /** What the records' order says of their receive times. */
  readonly order = new ArrivalOrder();
  /** Of each layer, at its number. */
  readonly streams: readonly MediaStream[];
  readonly codec: Codec;
  readonly description: SessionDescription | undefined;
  /** Sees every record in the order of arrival, RTCP too; of several layers, those that belong to one or to all. */
  watch: WatchRecord | undefined;
  readonly #numbers: ReadonlyMap<number, number>;
  #firstOffsetMs: number | undefined;
  #lastOffsetMs: number | undefined;

  /** @param layers SSRCs of the layers to be read apart, whose numbers are their places in it; none: one stream */
  constructor(codec: Codec, sdp: string | undefined, layers: readonly number[] = []) {
    this.codec = codec;
    const description =
      sdp === undefined ? undefined : parseSessionDescription(sdp, { kind: CODECS[codec].kind, codec });
    this.description = description;
    this.#numbers = new Map(layers.map((ssrc, number) => [ssrc, number]));
    const { clockRate } = CODECS[codec];
    this.streams = Array.from(
      { length: Math.max(1, layers.length) },
      () => new MediaStream({ codec, clockRate, description }),
    );
  }

  /** The one stream, or that of the first layer. */
  get stream(): MediaStream {
    return this.streams[0] as MediaStream;
  }

  /** Receive times of the first and the last RTP record, of whatever kind, ms since the dump's start. */
  get firstOffsetMs(): number | undefined {
    return this.#firstOffsetMs;
  }
  get lastOffsetMs(): number | undefined {
    return this.#lastOffsetMs;
  }

  /**
   * Takes the next bytes of the dump and hands on the packets that they complete.
   *
   * @throws {RtpdumpError} when the first bytes are not those of an rtpdump.
   */
  feed(chunk: Uint8Array, take: TakePacket): void {
    this.reader.push(chunk);
    this.#drain(take);
  }

  /** No more bytes come. */
  end(take: TakePacket): void {
    this.reader.end();
    this.#drain(take);
    for (const record of this.order.end()) this.#admit(record, take);
    for (const [layer, stream] of this.streams.entries()) {
      stream.flush();
      pull(stream, layer, take);
    }
  }

  #drain(take: TakePacket): void {
    for (let record = this.reader.next(); record !== undefined; record = this.reader.next()) {
      if (this.order.follows(record)) this.#admit(record, take);
      else for (const settled of this.order.settle(record)) this.#admit(settled, take);
    }
  }

  #admit(record: RtpdumpRecord, take: TakePacket): void {
    if (record.kind === 'rtp') {
      this.#firstOffsetMs ??= record.offsetMs;
      this.#lastOffsetMs = record.offsetMs;
    }
    if (this.#numbers.size === 0) this.#push(record, 0, take);
    else this.#pushToLayers(record, take);
  }

  #pushToLayers(record: RtpdumpRecord, take: TakePacket): void {
    const layer = this.#layerOf(record);
    if (layer === undefined) return;
    if (layer !== 'all') this.#push(record, layer, take);
    else for (const number of this.streams.keys()) this.#push(record, number, take);
  }

  #push(record: RtpdumpRecord, layer: number, take: TakePacket): void {
    const stream = this.streams[layer] as MediaStream;
    stream.push(record);
    this.watch?.(record, stream);
    pull(stream, layer, take);
  }

  /** Undefined for packets of sources that are no layer. */
  #layerOf({ kind, bytes }: RtpdumpRecord): number | 'all' | undefined {
    if (kind === 'rtcp' || isRtcp(bytes)) return 'all';
    if (bytes.length < FIXED_HEADER_BYTES) return undefined;
    const ssrc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(SSRC_OFFSET);
    const payloadType = (bytes[1] as number) & 0x7f;
    const role = this.description?.formats.get(payloadType)?.role;
    return this.#numbers.get(ssrc) ?? (role === 'rtx' || role === 'fec' ? 'all' : undefined);
  }
}

function pull(stream: MediaStream, layer: number, take: TakePacket): void {
  for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) take(packet, layer);
}
