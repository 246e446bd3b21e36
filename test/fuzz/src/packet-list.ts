import type { MediaPacket } from '@rawreel/rtp';

/**
 * A fuzz input as the packets of one stream, so that a mutation changes packets and not only bytes.
 *
 *     u8 flags      1 marker, 2 loss before, 4 new run, 8 timestamp goes on, 16 rotation
 *     u16 length of the payload; what the input lacks is not there
 *     payload
 */
const FLAGS = { marker: 1, loss: 2, newRun: 4, newTimestamp: 8, rotation: 16 } as const;

const HEADER = 3;

export function* packetsOf(input: Uint8Array): Generator<MediaPacket> {
  let sequence = 0;
  let rtpTicks = 1000;
  let run = 0;
  for (let at = 0; at + HEADER < input.length; ) {
    const flags = input[at] as number;
    const length = Math.max(1, ((input[at + 1] as number) << 8) | (input[at + 2] as number));
    const payload = input.subarray(at + HEADER, at + HEADER + length);
    at += HEADER + length;
    const lossBefore = flags & FLAGS.loss ? 1 : 0;
    const isNewRun = (flags & FLAGS.newRun) !== 0 && sequence > 0;
    if (isNewRun) run++;
    sequence += 1 + lossBefore;
    if (flags & FLAGS.newTimestamp) rtpTicks += 3000;
    yield {
      run,
      sequence,
      rtpTicks,
      receivedMs: sequence,
      marker: (flags & FLAGS.marker) !== 0,
      payload,
      lossBefore: isNewRun ? 0 : lossBefore,
      ...(flags & FLAGS.rotation ? { rotation: 90 as const } : {}),
    };
  }
}

/** The input of which `packetsOf` makes these packets. */
export function listOf(
  packets: readonly { payload: Uint8Array; marker: boolean; rtpTicks: number }[],
): Uint8Array {
  let ticks: number | undefined;
  const parts = packets.flatMap(({ payload, marker, rtpTicks }) => {
    const flags = (marker ? FLAGS.marker : 0) | (rtpTicks === ticks ? 0 : FLAGS.newTimestamp);
    ticks = rtpTicks;
    return [Uint8Array.of(flags, payload.length >> 8, payload.length & 255), payload];
  });
  return new Uint8Array(Buffer.concat(parts));
}
