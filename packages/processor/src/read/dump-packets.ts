import {
  CODECS,
  type Codec,
  type MediaPacket,
  MediaStream,
  parseSessionDescription,
  RtpdumpReader,
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

/** The bytes of one rtpdump become the packets of its media stream, in order. */
export class DumpPackets {
  readonly reader = new RtpdumpReader();
  readonly stream: MediaStream;
  readonly codec: Codec;
  readonly description: SessionDescription | undefined;
  #firstOffsetMs: number | undefined;
  #lastOffsetMs: number | undefined;

  constructor(codec: Codec, sdp: string | undefined) {
    this.codec = codec;
    this.description =
      sdp === undefined ? undefined : parseSessionDescription(sdp, { kind: CODECS[codec].kind, codec });
    this.stream = new MediaStream({
      codec,
      clockRate: CODECS[codec].clockRate,
      description: this.description,
    });
  }

  /** The one stream, as `LayerPackets` has several. */
  get streams(): readonly MediaStream[] {
    return [this.stream];
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
  feed(chunk: Uint8Array, take: (packet: MediaPacket) => void): void {
    this.reader.push(chunk);
    this.#drain(take);
  }

  /** No more bytes come. */
  end(take: (packet: MediaPacket) => void): void {
    this.reader.end();
    this.#drain(take);
    this.stream.flush();
    this.#pull(take);
  }

  #drain(take: (packet: MediaPacket) => void): void {
    for (let record = this.reader.next(); record !== undefined; record = this.reader.next()) {
      if (record.kind === 'rtp') {
        this.#firstOffsetMs ??= record.offsetMs;
        this.#lastOffsetMs = record.offsetMs;
      }
      this.stream.push(record);
      this.#pull(take);
    }
  }

  #pull(take: (packet: MediaPacket) => void): void {
    for (let packet = this.stream.pull(); packet !== undefined; packet = this.stream.pull()) take(packet);
  }
}
