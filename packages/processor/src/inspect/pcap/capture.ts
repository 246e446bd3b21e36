import { blankRtcp, isRtcp } from '@rawreel/rtp';
import { printable } from '@rawreel/text';
import type { Plan, PlannedTrack } from '../../plan/plan.ts';
import { type RecordsOptions, recordsOf } from '../lines/dump-records.ts';
import { announcement, SAP } from './announcement.ts';
import { enhancedPacket, interfaceDescription, sectionHeader } from './blocks.ts';
import { datagram, type Endpoint } from './datagram.ts';

/** 10.0.0.1, where all is received. */
const RECORDER = 0x0a_00_00_01;
/** 10.1.0.0: the first of those who send. */
const SENDERS = 0x0a_01_00_00;

const FIRST_PORT = 10_000;
const PORTS = 20_000;

interface Record {
  readonly track: number;
  readonly unixMs: number;
  readonly isReport: boolean;
  readonly bytes: Uint8Array;
}

/**
 * The packets of a plan's tracks as a pcapng file, in pieces, for Wireshark: an interface and a port for each track, an address
 * for each connection, in the order of arrival. Behind each interface's first packet, a SAP announcement with its formats, come
 * RTP on the track's port and RTCP on the next. Nothing of it was on a wire like that: addresses and ports are made up.
 *
 * @param anonymous names in RTCP are overwritten
 */
export async function* captureOf(
  plan: Plan,
  options: RecordsOptions,
  anonymous: boolean,
): AsyncGenerator<Uint8Array> {
  const { tracks } = plan;
  const sessions = [...new Set(tracks.map(sessionOf))];
  const endpoints = tracks.map((track, number) => ({
    from: { address: SENDERS + 1 + sessions.indexOf(sessionOf(track)), port: portOf(number) },
    to: { address: RECORDER, port: portOf(number) },
  }));
  yield Buffer.concat([
    sectionHeader('rawreel'),
    ...tracks.map((track) => interfaceDescription(nameOf(track))),
    ...tracks.map((track, number) => {
      const { from, to } = endpoints[number] as { from: Endpoint; to: Endpoint };
      const said = announcement(track, number, from, to);
      return enhancedPacket(number, options.zeroUnixMs, datagram({ ...from, port: SAP.port }, SAP, said));
    }),
  ]);
  for await (const records of merged(tracks, options, anonymous)) {
    yield Buffer.concat(
      records.map(({ track, unixMs, isReport, bytes }) => {
        const { from, to } = endpoints[track] as { from: Endpoint; to: Endpoint };
        const shift = isReport ? 1 : 0;
        const packet = datagram(
          { ...from, port: from.port + shift },
          { ...to, port: to.port + shift },
          bytes,
        );
        return enhancedPacket(track, unixMs, packet);
      }),
    );
  }
}

const sessionOf = ({ userId, sessionId }: PlannedTrack): string => JSON.stringify([userId, sessionId]);

const portOf = (number: number): number => FIRST_PORT + 2 * (number % PORTS);

function nameOf({ userId, kind, screenshare, trackId }: PlannedTrack): string {
  const what = screenshare ? `screen ${kind}` : kind;
  return printable(`${userId} ${what} ${trackId}`);
}

/** A track's records, of which a chunk's worth waits. */
class Source {
  readonly #batches: AsyncGenerator<readonly Record[]>;
  #batch: readonly Record[] = [];
  #at = 0;
  /** When the last of those that wait came; a damaged dump's go back in time, so that it need not stand last. */
  endMs = 0;

  constructor(batches: AsyncGenerator<readonly Record[]>) {
    this.#batches = batches;
  }

  /** Reads more where none waits; `false` when there are no more. */
  async fill(): Promise<boolean> {
    if (this.#at < this.#batch.length) return true;
    const { done, value } = await this.#batches.next();
    if (done) return false;
    this.#batch = value;
    this.#at = 0;
    this.endMs = value.reduce((end, { unixMs }) => Math.max(end, unixMs), Number.NEGATIVE_INFINITY);
    return true;
  }

  takeUntil(ms: number, into: Record[]): void {
    for (; this.#at < this.#batch.length; this.#at++) {
      const next = this.#batch[this.#at] as Record;
      if (next.unixMs > ms) return;
      into.push(next);
    }
  }

  async close(): Promise<void> {
    await this.#batches.return(undefined);
  }
}

/** Records of all tracks in the order of arrival. */
async function* merged(
  tracks: readonly PlannedTrack[],
  options: RecordsOptions,
  anonymous: boolean,
): AsyncGenerator<Record[]> {
  const sources = tracks.map(
    (track, number) =>
      new Source(
        recordsOf<Record>(track, options, {
          record: ({ bytes, kind, offsetMs }, _, dump) => ({
            track: number,
            unixMs: options.zeroUnixMs + dump.atMs(offsetMs),
            isReport: kind === 'rtcp',
            bytes: anonymous ? withoutNames(bytes) : bytes,
          }),
        }),
      ),
  );
  try {
    for (let waiting = await filled(sources); waiting.length > 0; waiting = await filled(waiting)) {
      // What comes before the end of those that end first is all there.
      const untilMs = Math.min(...waiting.map(({ endMs }) => endMs));
      const ready: Record[] = [];
      for (const source of waiting) source.takeUntil(untilMs, ready);
      yield ready.sort((a, b) => a.unixMs - b.unixMs);
    }
  } finally {
    await Promise.all(sources.map((source) => source.close()));
  }
}

/** Those of which some wait. */
async function filled(sources: readonly Source[]): Promise<Source[]> {
  const more = await Promise.all(sources.map((source) => source.fill()));
  return sources.filter((_, index) => more[index]);
}

function withoutNames(bytes: Uint8Array): Uint8Array {
  if (!isRtcp(bytes)) return bytes;
  const copy = bytes.slice();
  blankRtcp(copy);
  return copy;
}
