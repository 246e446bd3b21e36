import {
  CODECS,
  type Codec,
  isRtcp,
  type MediaPacket,
  MediaStream,
  parseSessionDescription,
  RtpdumpReader,
  type RtpdumpRecord,
  type SessionDescription,
  type StreamStatistics,
} from '@rawreel/rtp';

/** Where the SSRC stands in the fixed header (RFC 3550 §5.1). */
const SSRC_OFFSET = 8;
const FIXED_HEADER_BYTES = 12;

/** Hands on a packet and the number of its layer. */
export type TakeLayerPacket = (packet: MediaPacket, layer: number) => void;

/**
 * The bytes of one rtpdump with several layers of a camera (simulcast) become the packets of each, in order: every SSRC is
 * a stream of its own. RTCP and retransmissions, which name no layer by their SSRC, are shown to all of them.
 */
export class LayerPackets {
  readonly streams: readonly MediaStream[];
  readonly reader = new RtpdumpReader();
  #firstOffsetMs: number | undefined;
  readonly #numbers: ReadonlyMap<number, number>;
  readonly #description: SessionDescription | undefined;

  /** @param ssrcs of the layers, whose numbers are their places in it */
  constructor(codec: Codec, sdp: string | undefined, ssrcs: readonly number[]) {
    const description =
      sdp === undefined ? undefined : parseSessionDescription(sdp, { kind: CODECS[codec].kind, codec });
    this.#description = description;
    this.#numbers = new Map(ssrcs.map((ssrc, number) => [ssrc, number]));
    this.streams = ssrcs.map(
      () => new MediaStream({ codec, clockRate: CODECS[codec].clockRate, description }),
    );
  }

  /** Receive time of the first RTP record, of whatever kind, ms since the dump's start. */
  get firstOffsetMs(): number | undefined {
    return this.#firstOffsetMs;
  }

  /** Takes the next bytes of the dump and hands on the packets that they complete. */
  feed(chunk: Uint8Array, take: TakeLayerPacket): void {
    this.reader.push(chunk);
    this.#drain(take);
  }

  /** No more bytes come. */
  end(take: TakeLayerPacket): void {
    this.reader.end();
    this.#drain(take);
    for (const [layer, stream] of this.streams.entries()) {
      stream.flush();
      pull(stream, layer, take);
    }
  }

  #drain(take: TakeLayerPacket): void {
    for (let record = this.reader.next(); record !== undefined; record = this.reader.next()) {
      if (record.kind === 'rtp') this.#firstOffsetMs ??= record.offsetMs;
      const layer = this.#layerOf(record);
      if (layer === undefined) continue;
      for (const [number, stream] of this.streams.entries()) {
        if (layer !== 'all' && layer !== number) continue;
        stream.push(record);
        pull(stream, number, take);
      }
    }
  }

  /** Undefined for packets of sources that are no layer. */
  #layerOf({ kind, bytes }: RtpdumpRecord): number | 'all' | undefined {
    if (kind === 'rtcp' || isRtcp(bytes)) return 'all';
    if (bytes.length < FIXED_HEADER_BYTES) return undefined;
    const ssrc = new DataView(bytes.buffer, bytes.byteOffset).getUint32(SSRC_OFFSET);
    const payloadType = (bytes[1] as number) & 0x7f;
    const isRtx = this.#description?.formats.get(payloadType)?.role === 'rtx';
    return this.#numbers.get(ssrc) ?? (isRtx ? 'all' : undefined);
  }
}

function pull(stream: MediaStream, layer: number, take: TakeLayerPacket): void {
  for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) take(packet, layer);
}

/**
 * What became of a dump's packets, all layers taken together.
 *
 * @param whole what following one source at a time has counted: to it the other layers were foreign
 */
export function layersStatistics(
  whole: Readonly<StreamStatistics>,
  layers: readonly Readonly<StreamStatistics>[],
): StreamStatistics {
  const sum = (key: keyof StreamStatistics) => layers.reduce((all, layer) => all + layer[key], 0);
  const received = sum('received');
  const recovered = sum('recovered');
  const followed = received + recovered - whole.received - whole.recovered;
  return {
    ...whole,
    received,
    lost: sum('lost'),
    late: sum('late'),
    duplicate: sum('duplicate'),
    reordered: sum('reordered'),
    recovered,
    padding: sum('padding'),
    foreign: Math.max(0, whole.foreign - followed),
  };
}
