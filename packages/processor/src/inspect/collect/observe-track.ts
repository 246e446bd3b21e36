import {
  createDepacketizer,
  type Depacketizer,
  isRtcp,
  type MediaPacket,
  type MediaStream,
  type PayloadRole,
  type RtpdumpRecord,
} from '@rawreel/rtp';
import type { PlannedSegment } from '../../plan/plan.ts';
import { type DumpPackets, formatParameters } from '../../read/dump-packets.ts';
import type { ScanTap } from '../../scan/scan-track.ts';
import { dumpStartMs } from '../../time/server-clock.ts';
import { carriesFec, type PayloadRoles, rolesOf } from './carries-fec.ts';
import { i32 } from './header-words.ts';
import { LeastDelays } from './least-delays.ts';
import type { LossBurst } from './loss-bursts.ts';
import { LayerObserver } from './observe-layer.ts';
import type { ObservedDump } from './observed.ts';
import { type PictureCounts, Pictures } from './pictures.ts';
import { ReceiveTimes } from './receive-times.ts';
import { mergedSeconds, SECOND, Seconds } from './seconds.ts';
import { sharedColumn } from './shared-column.ts';
import { Sound } from './sound.ts';
import { SourceArrivals, type Stall } from './source-arrivals.ts';

const FIXED_HEADER_BYTES = 12;

/** Media of more sources than a camera and its reconnects have are noise. */
const MOST_SOURCES = 64;

/** Watches a track while it is scanned: one pass over each dump, and one more over those of a simulcasting camera. */
export class TrackObserver implements ScanTap {
  readonly dumps: ObservedDump[] = [];
  readonly #zeroUnixMs: number;
  readonly #depacketizer: Depacketizer | undefined;
  #current: DumpObserver | undefined;

  /** @param depacketizer of a track of one dump, whose frames somebody else wants, too */
  constructor(zeroUnixMs: number, depacketizer?: Depacketizer) {
    this.#zeroUnixMs = zeroUnixMs;
    this.#depacketizer = depacketizer;
  }

  /** Of the current dump; one for each kind of media, as code that is compiled for both costs more than a call. */
  packet: TakePacket = () => undefined;

  opened(packets: DumpPackets, segment: PlannedSegment): void {
    this.#current = new DumpObserver(packets, segment, this.#zeroUnixMs, this.#depacketizer);
    this.packet = this.#current.packet;
  }

  chunk(): void {}

  layered(packets: DumpPackets): void {
    this.#current?.layered(packets);
  }

  layerPacket(packet: MediaPacket, layer: number): void {
    this.#current?.layerPacket(packet, layer);
  }

  closed(packets: DumpPackets): void {
    if (this.#current !== undefined) this.dumps.push(this.#current.finish(packets));
    this.#current = undefined;
  }
}

type TakePacket = (packet: MediaPacket) => void;

class DumpObserver {
  readonly packet: TakePacket;
  readonly #packets: DumpPackets;
  readonly #segment: PlannedSegment;
  readonly #zeroUnixMs: number;
  readonly #depacketizer: Depacketizer | undefined;
  readonly #clockRate: number;
  readonly #times: ReceiveTimes;
  readonly #roles: PayloadRoles;
  readonly #hasFec: boolean;
  readonly #seconds = new Seconds();
  /** By SSRC, signed. */
  readonly #sources = new Map<number, SourceArrivals>();
  /** Of the last packet, signed: nearly always that of the next. */
  #ssrc: number | undefined;
  #source: SourceArrivals | undefined;
  readonly #repairs = {
    rtx: { packets: 0, bytes: 0, repaired: 0 },
    red: { packets: 0, repaired: 0 },
    fec: { packets: 0, bytes: 0, repaired: 0 },
  };
  /** Of the dump's offset 0, from the recording's zero; undefined before its first RTP record. */
  #baseMs: number | undefined;
  #recovered = 0;
  #recoveredByFec = 0;
  #reports = 0;
  #sound: Sound | undefined;
  #pictures: Pictures | undefined;
  readonly #delays = new LeastDelays();
  #layers: readonly LayerObserver[] = [];

  constructor(
    packets: DumpPackets,
    segment: PlannedSegment,
    zeroUnixMs: number,
    depacketizer: Depacketizer | undefined,
  ) {
    this.#packets = packets;
    this.#segment = segment;
    this.#zeroUnixMs = zeroUnixMs;
    this.#depacketizer = depacketizer;
    this.#clockRate = packets.codec === 'opus' ? 48_000 : 90_000;
    this.#times = new ReceiveTimes(this.#clockRate);
    this.#roles = rolesOf(packets.description);
    this.#hasFec = this.#roles.includes('fec');
    packets.watch = this.#record;
    this.packet = packets.codec === 'opus' ? this.#listen() : this.#look();
  }

  #listen(): TakePacket {
    return (given) => {
      const packet = this.#inTime(given);
      this.#sound ??= new Sound(this.#baseMs ?? 0, this.#seconds);
      this.#delay(packet);
      this.#sound.packet(packet);
    };
  }

  #look(): TakePacket {
    return (given) => {
      const packet = this.#inTime(given);
      this.#pictures ??= new Pictures(
        this.#packets.codec,
        this.#baseMs ?? 0,
        this.#depacketizer ?? this.#newDepacketizer(),
      );
      this.#delay(packet);
      this.#pictures.packet(packet);
    };
  }

  #inTime(packet: MediaPacket): MediaPacket {
    const receivedMs = this.#times.of(packet.receivedMs);
    return receivedMs === packet.receivedMs ? packet : { ...packet, receivedMs };
  }

  #delay({ run, rtpTicks, receivedMs }: MediaPacket): void {
    this.#delays.take(run, (rtpTicks / this.#clockRate) * 1000, (this.#baseMs ?? 0) + receivedMs);
  }

  layered(packets: DumpPackets): void {
    const { layers } = this.#packets.stream;
    const { codec } = packets;
    const baseMs = this.#baseMs ?? 0;
    this.#layers = layers.map((ssrc, layer) => {
      const depacketizer = this.#newDepacketizer();
      return new LayerObserver({ ssrc, codec, layer, baseMs, depacketizer });
    });
    const ofStream = new Map(packets.streams.map((stream, layer) => [stream, this.#layers[layer]]));
    packets.watch = (record, stream) => ofStream.get(stream)?.record(record, this.#times.of(record.offsetMs));
  }

  layerPacket(packet: MediaPacket, layer: number): void {
    this.#layers[layer]?.packet(this.#inTime(packet));
  }

  finish({ stream }: DumpPackets): ObservedDump {
    this.#packets.watch = undefined;
    const followed = new Set([...stream.runs.map(({ ssrc }) => ssrc), ...stream.layers]);
    const own = [...this.#sources.values()].filter(({ ssrc }) => followed.has(ssrc));
    const sources = own.map((source) => source.finish());
    const bursts = own.map((source) => source.bursts.finish());
    const seen = this.#layers.map((observer) => ({ observer, layer: observer.finish() }));
    const layers = seen.map(({ layer }) => layer);
    const best = seen.toSorted((a, b) => pixelsOf(b.layer.pictures) - pixelsOf(a.layer.pictures))[0];
    const pictures = best?.observer.pictures ?? this.#pictures;
    // Always: whoever shares its depacketizer waits for the last frame.
    const whole = this.#pictures?.finish();
    const sound = this.#sound?.finish();
    return {
      base: this.#segment.base,
      sources,
      bursts: bursts.map(({ counts }) => counts),
      burstList: bursts.flatMap(({ list }) => list).sort(byTime),
      stalls: layers.length > 0 ? stallsOfAll(own) : own.flatMap((source) => source.stalls),
      repairs: this.#repairs,
      reports: this.#reports,
      unrepaired: stream.statistics.lost,
      late: stream.statistics.late,
      malformed: stream.statistics.malformed,
      foreign: stream.statistics.foreign,
      padding: stream.statistics.padding,
      sound,
      pictures: best?.layer.pictures ?? whole,
      layers,
      delays: (this.#layers.length > 0 ? this.#layers.map(({ delays }) => delays) : [this.#delays]).flatMap(
        (delays) => delays.finish(),
      ),
      seconds: sharedColumn(
        mergedSeconds([this.#seconds.rows(), ...(pictures === undefined ? [] : [pictures.seconds.rows()])]),
      ),
    };
  }

  #newDepacketizer(): Depacketizer {
    const { codec } = this.#packets;
    return createDepacketizer(codec, { fmtp: formatParameters(codec, this.#segment.sdp) });
  }

  readonly #record = (record: RtpdumpRecord, stream: MediaStream): void => {
    const { bytes, offsetMs, kind } = record;
    const { recovered, recoveredByFec } = stream.statistics;
    const repaired = recovered - this.#recovered;
    const repairedByFec = recoveredByFec - this.#recoveredByFec;
    this.#recovered = recovered;
    this.#recoveredByFec = recoveredByFec;
    const role = this.#hasFec && carriesFec(bytes, this.#roles) ? 'fec' : this.#roles[(bytes[1] ?? 0) & 0x7f];
    if (kind === 'rtcp' || (role === undefined && isRtcp(bytes))) {
      this.#reports++;
      return;
    }
    if (bytes.length < FIXED_HEADER_BYTES || (bytes[0] ?? 0) >> 6 !== 2) return;
    this.#baseMs ??= this.#startMs(offsetMs);
    const atMs = this.#baseMs + this.#times.take(bytes, offsetMs);
    const second = this.#seconds.at(atMs);
    this.#seconds.add(second, SECOND.bytes, bytes.length);
    if (repaired > 0) this.#seconds.add(second, SECOND.repaired, repaired);
    this.#repairs.fec.repaired += repairedByFec;
    this.#repair(role, bytes.length, repaired - repairedByFec);
    // A stream of its own is no part of the media's; ULPFEC on the media's takes up its numbers.
    if (role === 'rtx' || (role === 'fec' && !this.#sources.has(i32(bytes, 8)))) return;
    const sequence = ((bytes[2] ?? 0) << 8) | (bytes[3] ?? 0);
    this.#sourceOf(i32(bytes, 8))?.take(sequence, i32(bytes, 4), atMs, bytes.length, second);
  };

  #repair(role: PayloadRole | undefined, bytes: number, repaired: number): void {
    const { rtx, red, fec } = this.#repairs;
    if (role === 'rtx') {
      rtx.packets++;
      rtx.bytes += bytes;
      rtx.repaired += repaired;
    } else if (role === 'fec') {
      fec.packets++;
      fec.bytes += bytes;
    } else if (role === 'red') {
      red.packets++;
      red.repaired += repaired;
    } else red.repaired += repaired;
  }

  /** @param ssrc signed */
  #sourceOf(ssrc: number): SourceArrivals | undefined {
    if (ssrc === this.#ssrc) return this.#source;
    const source = this.#sources.get(ssrc) ?? this.#newSource(ssrc);
    this.#ssrc = ssrc;
    this.#source = source;
    return source;
  }

  #newSource(ssrc: number): SourceArrivals | undefined {
    if (this.#sources.size >= MOST_SOURCES) return undefined;
    const source = new SourceArrivals(ssrc >>> 0, this.#clockRate, this.#seconds);
    this.#sources.set(ssrc, source);
    return source;
  }

  #startMs(firstOffsetMs: number): number {
    const startMs = dumpStartMs({
      headerStartMs: this.#packets.reader.header?.startUnixMs ?? 0,
      firstOffsetMs,
      metadataFirstMs: this.#segment.timing.firstRtpUnixMs,
      nearMs: this.#zeroUnixMs,
    });
    return startMs - this.#zeroUnixMs;
  }
}

const pixelsOf = ({ sizes }: PictureCounts): number =>
  sizes.reduce((most, { width, height }) => Math.max(most, width * height), 0);

const byTime = (a: LossBurst, b: LossBurst): number => a.fromMs - b.fromMs;

/** A layer that its sender has switched off is no stall: the one with most packets tells, where no other went on. */
function stallsOfAll(sources: readonly SourceArrivals[]): readonly Stall[] {
  const [fullest, ...others] = sources.toSorted((a, b) => b.received - a.received);
  return (fullest?.stalls ?? []).filter((stall) => !others.some((other) => other.wentOnIn(stall)));
}
