import { type MediaPacket, type MediaStream, opusChannels, opusDurationTicks } from '@rawreel/rtp';
import type { PlannedSegment } from '../plan/plan.ts';
import type { DumpPackets } from '../read/dump-packets.ts';
import { type DelayPiece, DelayProfile } from '../time/delay-profile.ts';
import type { RunScan } from '../time/run-scan.ts';
import { dumpStartMs } from '../time/server-clock.ts';
import { reportsNamedBy } from './reports-named-by.ts';

/** Sums packets up to runs while they go by. */
export class RunCollector {
  readonly #segment: number;
  readonly #clockRate: number;
  readonly #isOpus: boolean;
  readonly #runs: {
    run: number;
    firstTicks: number;
    endTicks: number;
    firstMs: number;
    lastMs: number;
    packets: number;
    delays: DelayProfile;
  }[] = [];
  #firstOffsetMs: number | undefined;
  stereo = false;
  /** Opus packets that none can be. */
  #invalid = 0;
  #packets = 0;

  constructor(segment: number, clockRate: number, isOpus: boolean) {
    this.#segment = segment;
    this.#clockRate = clockRate;
    this.#isOpus = isOpus;
  }

  readonly take = (packet: MediaPacket): void => {
    const { rtpTicks, receivedMs } = packet;
    this.#firstOffsetMs ??= receivedMs;
    let current = this.#runs.at(-1);
    if (current?.run !== packet.run) {
      current = {
        run: packet.run,
        firstTicks: rtpTicks,
        endTicks: rtpTicks,
        firstMs: receivedMs,
        lastMs: receivedMs,
        packets: 0,
        delays: new DelayProfile(),
      };
      this.#runs.push(current);
    }
    const opusTicks = this.#isOpus ? opusDurationTicks(packet.payload) : 0;
    const duration = opusTicks ?? 0;
    this.#packets++;
    if (opusTicks === undefined) this.#invalid++;
    if (this.#isOpus && opusChannels(packet.payload[0] ?? 0) === 2) this.stereo = true;
    current.endTicks = Math.max(current.endTicks, rtpTicks + duration);
    current.firstMs = Math.min(current.firstMs, receivedMs);
    current.lastMs = Math.max(current.lastMs, receivedMs);
    current.packets++;
    // A packet cannot leave before its last sample was captured: what is left is the network's.
    const heldMs = (duration / this.#clockRate) * 1000;
    current.delays.add((rtpTicks / this.#clockRate) * 1000, receivedMs - heldMs);
  };

  /** Packets, and how many of them are no Opus although the track is. */
  get validity(): { readonly packets: number; readonly invalid: number } {
    return { packets: this.#packets, invalid: this.#invalid };
  }

  /** Server's clock at the dump's offset 0, unix ms. */
  dumpStartMs(
    { reader }: DumpPackets,
    { timing: { firstRtpUnixMs } }: PlannedSegment,
    nearMs: number | undefined,
  ): number {
    return dumpStartMs({
      headerStartMs: reader.header?.startUnixMs ?? 0,
      firstOffsetMs: this.#firstOffsetMs ?? 0,
      metadataFirstMs: firstRtpUnixMs,
      nearMs,
    });
  }

  /** @param baseMs the server's clock at the dump's offset 0 */
  finish(stream: MediaStream, { timing }: PlannedSegment, baseMs: number, layer?: number): RunScan[] {
    const reports = Map.groupBy(stream.senderReports, (report) => report.run);
    const [first, second] = this.#runs;
    const isAlone = first !== undefined && second === undefined && layer === undefined;
    const named = reports.size === 0 && isAlone ? reportsNamedBy(timing, first) : [];
    return this.#runs.map((run) => ({
      segment: this.#segment,
      run: run.run,
      layer,
      ssrc: stream.runs[run.run]?.ssrc ?? 0,
      continuesTicks: stream.runs[run.run]?.continuesTicks ?? false,
      firstTicks: run.firstTicks,
      endTicks: run.endTicks,
      firstReceivedMs: baseMs + run.firstMs,
      lastReceivedMs: baseMs + run.lastMs,
      packets: run.packets,
      pieces: run.delays.pieces().map((piece) => onServersClock(piece, baseMs)),
      reports:
        named.length > 0
          ? named
          : (reports.get(run.run) ?? []).map((report) => ({
              ...report,
              receivedMs: baseMs + report.receivedMs,
            })),
      reportsFrom: named.length > 0 ? 'metadata' : 'dump',
    }));
  }
}

const onServersClock = (piece: DelayPiece, baseMs: number): DelayPiece => ({
  ...piece,
  firstReceivedMs: baseMs + piece.firstReceivedMs,
  lastReceivedMs: baseMs + piece.lastReceivedMs,
  // Media and receive times alternate.
  samples: piece.samples.map((ms, index) => (index % 2 === 0 ? ms : baseMs + ms)),
});
