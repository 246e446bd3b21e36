import type { CodedFrame, Rotation, VideoParameters } from '@rawreel/rtp';

/**
 * Where a frame stands in another file, and what a depacketizer told of it:
 *
 *      0  RTP timestamp, unwrapped (float64)      8  receive time, ms (float64)
 *     16  position behind its bytes (float64)    24  bytes (uint32)
 *     28  packets lost before it (uint32)        32  parameters, as a number (uint16)
 *     34  flags (uint8)                          35  rotation, in quarters (uint8)
 */
export const RECORD_BYTES = 40;

const KEY_FRAME = 1;
const SHOWN_EARLIER = 2;

export type FrameRecord = Omit<CodedFrame, 'run' | 'chunks' | 'parameters'> & {
  readonly parameters: VideoParameters;
  /** Position behind its bytes. */
  readonly end: number;
};

/** @param parametersNumber which of the parameters that stand beside the records */
export function putRecord(
  view: DataView,
  at: number,
  frame: Omit<FrameRecord, 'parameters'>,
  parametersNumber: number,
): void {
  view.setFloat64(at, frame.rtpTicks);
  view.setFloat64(at + 8, frame.receivedMs);
  view.setFloat64(at + 16, frame.end);
  view.setUint32(at + 24, frame.byteLength);
  view.setUint32(at + 28, frame.lossBefore);
  view.setUint16(at + 32, parametersNumber);
  view.setUint8(at + 34, (frame.keyFrame ? KEY_FRAME : 0) | (frame.shownEarlier ? SHOWN_EARLIER : 0));
  view.setUint8(at + 35, frame.rotation / 90);
}

export function recordAt(view: DataView, at: number, parameters: readonly VideoParameters[]): FrameRecord {
  const flags = view.getUint8(at + 34);
  return {
    rtpTicks: view.getFloat64(at),
    receivedMs: view.getFloat64(at + 8),
    end: view.getFloat64(at + 16),
    byteLength: view.getUint32(at + 24),
    lossBefore: view.getUint32(at + 28),
    parameters: parameters[view.getUint16(at + 32)] as VideoParameters,
    keyFrame: (flags & KEY_FRAME) !== 0,
    shownEarlier: (flags & SHOWN_EARLIER) !== 0,
    rotation: (view.getUint8(at + 35) * 90) as Rotation,
  };
}
