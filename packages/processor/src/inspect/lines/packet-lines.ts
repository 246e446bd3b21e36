import {
  type Codec,
  isRtcp,
  type MediaStream,
  parseRtpPacket,
  payloadLayers,
  type RtpdumpRecord,
  type StreamStatistics,
  startsKeyFrame,
} from '@rawreel/rtp';
import type { PlannedTrack } from '../../plan/plan.ts';
import { carriesFec, type PayloadRoles, rolesOf } from '../collect/carries-fec.ts';
import { type RecordsOptions, recordsOf, type WatchedDump } from './dump-records.ts';

/** What was done with a packet. */
export type PacketFate =
  /** It has its place in the stream. */
  | 'media'
  /** The same, though later ones had come before. */
  | 'reordered'
  /** It fills a gap: a retransmission, RED, or forward error correction. */
  | 'repaired'
  /** Its place had been given up. */
  | 'late'
  | 'duplicate'
  | 'padding'
  /** A retransmission of nothing that was missing. */
  | 'unneeded'
  /** Forward error correction that brought back nothing when it came. */
  | 'fec'
  /** Comfort noise, another source. */
  | 'foreign'
  | 'malformed'
  /** It waits until it is known whose it is. */
  | 'held'
  /** RTCP. */
  | 'report';

/** What is media, or may be. */
const LAYERED: ReadonlySet<PacketFate> = new Set(['media', 'reordered', 'held']);

/** One record of a dump. */
export interface PacketLine {
  readonly trackId: string;
  /** Arrival, ms from the recording's zero. */
  readonly atMs: number;
  /** The bytes of the packet. */
  readonly size: number;
  readonly fate: PacketFate;
  /** So many packets were rebuilt with it by forward error correction; absent for none. */
  readonly repairedByFec?: number;
  readonly ssrc?: number;
  readonly payloadType?: number;
  readonly sequence?: number;
  readonly timestamp?: number;
  readonly marker?: boolean;
  /** A key frame begins in it. */
  readonly keyFrame?: boolean;
  readonly temporal?: number;
  readonly spatial?: number;
}

/** A line for each record of a track, in the order of arrival. */
export function packetLines(
  track: PlannedTrack,
  options: RecordsOptions,
): AsyncGenerator<readonly PacketLine[]> {
  let before: Readonly<StreamStatistics> | undefined;
  let of: WatchedDump | undefined;
  let roles: PayloadRoles = [];
  return recordsOf<PacketLine>(track, options, {
    record: (record, stream, dump) => {
      if (dump !== of) {
        before = undefined;
        roles = rolesOf(dump.packets.description);
      }
      of = dump;
      const fate = fateOf(record, before, stream, roles);
      const byFec = stream.statistics.recoveredByFec - (before?.recoveredByFec ?? 0);
      before = { ...stream.statistics };
      const line = lineOf(track.trackId, record, dump, fate);
      return byFec === 0 ? line : { ...line, repairedByFec: byFec };
    },
  });
}

/** By which of the stream's counts went up with it, the most telling first. */
function fateOf(
  { kind, bytes }: RtpdumpRecord,
  before: Readonly<StreamStatistics> | undefined,
  { statistics }: MediaStream,
  roles: PayloadRoles,
): PacketFate {
  const rose = (key: keyof StreamStatistics) => statistics[key] > (before?.[key] ?? 0);
  if (rose('malformed')) return 'malformed';
  if (kind === 'rtcp' || isRtcp(bytes)) return 'report';
  if (rose('foreign')) return 'foreign';
  if (rose('fec') && carriesFec(bytes, roles)) return rose('recoveredByFec') ? 'repaired' : 'fec';
  if (rose('late')) return 'late';
  if (repairedByOthers(statistics) > repairedByOthers(before)) return 'repaired';
  if (rose('retransmissions')) return 'unneeded';
  if (rose('duplicate')) return 'duplicate';
  if (rose('padding')) return 'padding';
  if (rose('reordered')) return 'reordered';
  return rose('received') ? 'media' : 'held';
}

/** Than FEC, which brings back packets with any other that comes. */
const repairedByOthers = (counts: Readonly<StreamStatistics> | undefined): number =>
  counts === undefined ? 0 : counts.recovered - counts.recoveredByFec;

function lineOf(trackId: string, record: RtpdumpRecord, dump: WatchedDump, fate: PacketFate): PacketLine {
  const { bytes, offsetMs } = record;
  const facts = { trackId, atMs: Math.round(dump.atMs(offsetMs) * 10) / 10, size: bytes.length, fate };
  const packet = fate === 'report' ? 'rtcp' : parseRtpPacket(bytes);
  if (typeof packet === 'string') return facts;
  const { ssrc, payloadType, sequence, timestamp, marker } = packet;
  return {
    ...facts,
    ssrc,
    payloadType,
    sequence,
    timestamp,
    marker,
    ...(LAYERED.has(fate) ? payloadOf(dump.packets.codec, packet.payload) : {}),
  };
}

function payloadOf(codec: Codec, payload: Uint8Array): Pick<PacketLine, 'keyFrame' | 'temporal' | 'spatial'> {
  const { temporal, spatial } = payloadLayers(codec, payload);
  return {
    ...(codec === 'opus' ? {} : { keyFrame: startsKeyFrame(codec, payload) }),
    ...(temporal === undefined ? {} : { temporal }),
    ...(spatial === undefined ? {} : { spatial }),
  };
}
