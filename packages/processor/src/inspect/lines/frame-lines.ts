import { CODECS, type CodedFrame, createDepacketizer, type Depacketizer } from '@rawreel/rtp';
import type { PlannedTrack } from '../../plan/plan.ts';
import { formatParameters } from '../../read/dump-packets.ts';
import { type RecordsOptions, recordsOf, type WatchedDump } from './dump-records.ts';

/** One coded frame that a decoder can take: a picture, or an Opus packet. */
export interface FrameLine {
  readonly trackId: string;
  /** When its last packet came, ms from the recording's zero. */
  readonly atMs: number;
  /** Its place on its own clock, ms from the first frame of its stream. */
  readonly mediaMs: number;
  readonly timestamp: number;
  readonly size: number;
  readonly keyFrame: boolean;
  /** Packets lost since the frame before. */
  readonly lossBefore: number;
  /** Video only. */
  readonly width?: number;
  readonly height?: number;
  readonly rotation?: number;
  /** Audio only. */
  readonly durationMs?: number;
  readonly levelDbov?: number;
}

/** A line for each frame of a track, in the order of decoding. */
export function frameLines(
  track: PlannedTrack,
  options: RecordsOptions,
): AsyncGenerator<readonly FrameLine[]> {
  const readings = new Map<WatchedDump, Reading>();
  const of = (dump: WatchedDump): Reading => {
    const known = readings.get(dump) ?? { dump, depacketizer: newDepacketizer(dump), firstTicks: new Map() };
    readings.set(dump, known);
    return known;
  };
  return recordsOf<FrameLine>(track, options, {
    packet: (dump) => {
      const reading = of(dump);
      return (packet) => {
        reading.depacketizer.push(packet);
        return pulled(track.trackId, reading);
      };
    },
    end: (dump) => {
      const reading = of(dump);
      reading.depacketizer.flush();
      readings.delete(dump);
      return pulled(track.trackId, reading);
    },
  });
}

interface Reading {
  readonly dump: WatchedDump;
  readonly depacketizer: Depacketizer;
  /** Of each run. */
  readonly firstTicks: Map<number, number>;
}

const newDepacketizer = ({ packets: { codec }, segment: { sdp } }: WatchedDump) =>
  createDepacketizer(codec, { fmtp: formatParameters(codec, sdp) });

function pulled(trackId: string, { dump, depacketizer, firstTicks }: Reading): FrameLine[] {
  const lines: FrameLine[] = [];
  for (let frame = depacketizer.pull(); frame !== undefined; frame = depacketizer.pull()) {
    const first = firstTicks.get(frame.run) ?? frame.rtpTicks;
    firstTicks.set(frame.run, first);
    lines.push(lineOf(trackId, dump, frame, first));
  }
  return lines;
}

const tenths = (ms: number): number => Math.round(ms * 10) / 10;

function lineOf(trackId: string, dump: WatchedDump, frame: CodedFrame, firstTicks: number): FrameLine {
  const { clockRate } = CODECS[dump.packets.codec];
  const { parameters, audioLevel, durationTicks } = frame;
  return {
    trackId,
    atMs: tenths(dump.atMs(frame.receivedMs)),
    mediaMs: tenths(((frame.rtpTicks - firstTicks) * 1000) / clockRate),
    timestamp: frame.rtpTicks >>> 0,
    size: frame.byteLength,
    keyFrame: frame.keyFrame,
    lossBefore: frame.lossBefore,
    ...(parameters.codec === 'opus'
      ? {}
      : { width: parameters.width, height: parameters.height, rotation: frame.rotation }),
    ...(durationTicks === undefined ? {} : { durationMs: tenths((durationTicks * 1000) / clockRate) }),
    ...(audioLevel === undefined ? {} : { levelDbov: -audioLevel.level }),
  };
}
