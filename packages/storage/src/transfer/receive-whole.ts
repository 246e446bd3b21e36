import type { Mirror } from '../mirror/mirror.ts';
import { Changed } from './answer.ts';
import { type Answer, type Connection, gunzip } from './connection.ts';
import { pour } from './pour.ts';

/**
 * Brings an object whose length nobody says before its end: one that is compressed on its way, or sent without a length.
 * A break begins it anew; what comes again has to be the same.
 *
 * @param first the answer that has come already
 * @returns its length
 * @throws {StorageError}
 */
export async function receiveWhole(
  connection: Connection,
  mirror: Mirror,
  first: Answer,
  signal: AbortSignal,
  onMoved: () => void,
): Promise<number> {
  let opened: Answer | undefined = first;
  const receive = async (): Promise<number> => {
    const whole = { from: 0, to: Number.POSITIVE_INFINITY };
    const { contents, body } = opened ?? (await connection.ask({ ...whole, signal }));
    opened = undefined;
    const pieces = connection.receive(body, signal);
    const end = await pour(contents?.isCompressed ? gunzip(pieces) : pieces, mirror, whole, onMoved);
    if (end < mirror.present.byteLength) throw new Changed('its length is another one');
    return end;
  };
  return connection.patiently(receive, signal, () => mirror.present.byteLength);
}
