import {
  CODECS,
  type CodedFrame,
  createDepacketizer,
  type Depacketizer,
  type MediaStream,
} from '@rawreel/rtp';
import type { PlannedTrack } from '../../plan/plan.ts';
import { formatParameters } from '../../read/dump-packets.ts';
import { tenths } from '../../tenths.ts';
import { type RecordsOptions, type RecordWatch, recordsOf, type WatchedDump } from './dump-records.ts';

/** One coded frame that a decoder can take: a picture, or an Opus packet. */
export interface FrameLine {
  readonly trackId: string;
  /** A camera that sends several layers side by side (simulcast) has one for each. */
  readonly ssrc: number;
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

/**
 * A line for each frame of a track, in the order of decoding; of each dump first those of the followed stream, then of each layer
 * beside it (simulcast).
 */
export function frameLines(
  track: PlannedTrack,
  options: RecordsOptions,
): AsyncGenerator<readonly FrameLine[]> {
  const readings = new Map<WatchedDump, Reading[]>();
  const of = (dump: WatchedDump): readonly Reading[] => {
    const known = readings.get(dump) ?? dump.packets.streams.map((stream) => newReading(dump, stream));
    readings.set(dump, known);
    return known;
  };
  const watch: RecordWatch<FrameLine> = {
    packet: (dump) => {
      const own = of(dump);
      return (packet, layer) => {
        const reading = own[layer] as Reading;
        reading.depacketizer.push(packet);
        return pulled(track.trackId, reading);
      };
    },
    end: (dump) => {
      const own = of(dump);
      readings.delete(dump);
      return own.flatMap((reading) => {
        reading.depacketizer.flush();
        return pulled(track.trackId, reading);
      });
    },
  };
  return recordsOf<FrameLine>(track, options, watch, watch);
}

interface Reading {
  readonly dump: WatchedDump;
  readonly stream: MediaStream;
  readonly depacketizer: Depacketizer;
  /** Of each run. */
  readonly firstTicks: Map<number, number>;
}

function newReading(dump: WatchedDump, stream: MediaStream): Reading {
  const {
    packets: { codec },
    segment: { sdp },
  } = dump;
  const depacketizer = createDepacketizer(codec, { fmtp: formatParameters(codec, sdp) });
  return { dump, stream, depacketizer, firstTicks: new Map() };
}

function pulled(trackId: string, { dump, stream, depacketizer, firstTicks }: Reading): FrameLine[] {
  const lines: FrameLine[] = [];
  for (let frame = depacketizer.pull(); frame !== undefined; frame = depacketizer.pull()) {
    const first = firstTicks.get(frame.run) ?? frame.rtpTicks;
    firstTicks.set(frame.run, first);
    const ssrc = stream.runs[frame.run]?.ssrc ?? 0;
    lines.push({ trackId, ssrc, ...factsOf(dump, frame, first) });
  }
  return lines;
}

function factsOf(
  dump: WatchedDump,
  frame: CodedFrame,
  firstTicks: number,
): Omit<FrameLine, 'trackId' | 'ssrc'> {
  const { clockRate } = CODECS[dump.packets.codec];
  const { parameters, audioLevel, durationTicks } = frame;
  return {
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
