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
 */
export async function* captureOf(plan: Plan, options: RecordsOptions): AsyncGenerator<Uint8Array> {
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
  for await (const records of merged(tracks, options)) {
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

/** Records of all tracks in the order of arrival: of each, a chunk's worth waits. */
async function* merged(tracks: readonly PlannedTrack[], options: RecordsOptions): AsyncGenerator<Record[]> {
  const sources = await Promise.all(
    tracks.map(async (track, number) => {
      const batches = recordsOf<Record>(track, options, {
        record: ({ bytes, kind, offsetMs }, _, dump) => ({
          track: number,
          unixMs: options.zeroUnixMs + dump.atMs(offsetMs),
          isReport: kind === 'rtcp',
          bytes,
        }),
      });
      return { batches, batch: await nextOf(batches), at: 0 };
    }),
  );
  try {
    for (;;) {
      const waiting = sources.filter(({ batch }) => batch !== undefined);
      if (waiting.length === 0) return;
      // What comes before the end of the batch that ends first is all there.
      const untilMs = Math.min(
        ...waiting.map(({ batch }) => batch?.at(-1)?.unixMs ?? Number.POSITIVE_INFINITY),
      );
      const ready: Record[] = [];
      for (const source of waiting) {
        const { batch = [] } = source;
        while (source.at < batch.length && (batch[source.at]?.unixMs ?? 0) <= untilMs)
          ready.push(batch[source.at++] as Record);
        if (source.at < batch.length) continue;
        source.batch = await nextOf(source.batches);
        source.at = 0;
      }
      yield ready.sort((a, b) => a.unixMs - b.unixMs);
    }
  } finally {
    await Promise.all(sources.map(({ batches }) => batches.return(undefined)));
  }
}

async function nextOf<Item>(batches: AsyncGenerator<readonly Item[]>): Promise<readonly Item[] | undefined> {
  const { done, value } = await batches.next();
  return done ? undefined : value;
}
