import { formatBytes } from '@rawreel/text';
import { type Address, describeAddress } from '../address.ts';
import { StorageError } from '../errors.ts';
import { noRoom, roomIn } from '../mirror/cache-failure.ts';
import type { Mirror } from '../mirror/mirror.ts';
import { Changed } from './answer.ts';
import { type Answer, type Connection, gunzip } from './connection.ts';
import { writeRange } from './write-range.ts';

/** An hour of ten people with cameras; storage that holds more says how much it is. */
const MOST_BYTES = 4 * 1024 ** 3;
/** Recordings are compressed already, so that compressing them again on their way gains little. */
const MOST_EXPANSION = 20;
/** Of an expansion: less is harmless. */
const ANY_BYTES = 64 * 1024 ** 2;
/** The disk is looked at after so many, and so many are left to others, who write to it, too. */
const ROOM_CHECKED_EVERY = 64 * 1024 ** 2;
const RESERVE = 256 * 1024 ** 2;

export interface Receiving {
  readonly connection: Connection;
  readonly mirror: Mirror;
  /** Where the mirror is. */
  readonly folder: string;
  readonly onMoved: () => void;
}

/**
 * Brings an object whose length nobody says before its end: one that is compressed on its way, or sent without a length.
 * A break begins it anew; what comes again has to be the same.
 *
 * @param first the answer that has come already
 * @returns its length
 * @throws {StorageError} ERR_OBJECT_TOO_LARGE and ERR_NO_SPACE while it comes, for nobody can tell before
 */
export async function receiveWhole(
  { connection, mirror, folder, onMoved }: Receiving,
  first: Answer,
  signal: AbortSignal,
): Promise<number> {
  let opened: Answer | undefined = first;
  const receive = async (): Promise<number> => {
    const whole = { from: 0, to: Number.POSITIVE_INFINITY };
    const { contents, body } = opened ?? (await connection.ask({ ...whole, signal }));
    opened = undefined;
    const before = connection.transferred;
    const pieces = connection.receive(body, signal);
    const isCompressed = contents?.isCompressed === true;
    const bounded = withinBounds(isCompressed ? gunzip(pieces) : pieces, connection.address, {
      folder,
      room: () => roomIn(folder),
      moved: isCompressed ? () => connection.transferred - before : undefined,
    });
    const end = await writeRange(bounded, mirror, whole, onMoved);
    if (end < mirror.present.byteLength) throw new Changed('its length is another one');
    return end;
  };
  return connection.patiently(receive, signal, () => mirror.present.byteLength);
}

/**
 * The pieces, as long as they are not too many.
 *
 * @param moved bytes that came over the network for them, where they were compressed
 */
export async function* withinBounds(
  pieces: AsyncIterable<Uint8Array>,
  address: Address,
  around: {
    readonly folder: string;
    /** Bytes that its disk has left. */
    readonly room: () => Promise<number>;
    readonly moved?: (() => number) | undefined;
  },
): AsyncGenerator<Uint8Array> {
  let count = 0;
  let checked = 0;
  for await (const piece of pieces) {
    count += piece.byteLength;
    if (count > MOST_BYTES) throw tooLarge(address, `does not end after ${formatBytes(MOST_BYTES)}`);
    const moved = around.moved?.();
    if (moved !== undefined && count > ANY_BYTES && count > MOST_EXPANSION * moved) {
      throw tooLarge(address, `became ${formatBytes(count)} of ${formatBytes(moved)}, and has not ended`);
    }
    if (count > checked) {
      const room = await around.room();
      if (room < ROOM_CHECKED_EVERY + RESERVE)
        throw noRoom(around.folder, ROOM_CHECKED_EVERY + RESERVE, room);
      checked += ROOM_CHECKED_EVERY;
    }
    yield piece;
  }
}

function tooLarge(address: Address, what: string): StorageError {
  return new StorageError('ERR_OBJECT_TOO_LARGE', `${describeAddress(address)} ${what}`, {
    hint: 'Its server does not say how long it is. If it is a recording, download it another way and give the file.',
  });
}
