/** A header extension that is written when forward error correction was computed already. */
export interface LateExtension {
  readonly id: number;
  /** Octets of its data from here on. */
  readonly from: number;
}

/**
 * The sender's pacer writes these on the way out, and servers write some of them again: libwebrtc takes them for zeros when it
 * computes and when it applies FEC (seen from Chromium 156, ULPFEC and FlexFEC alike). Of the video timing all from the time
 * of leaving the pacer on.
 */
const LATE: ReadonlyMap<string, number> = new Map([
  ['urn:ietf:params:rtp-hdrext:toffset', 0],
  ['http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time', 0],
  ['http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01', 0],
  ['http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02', 0],
  ['http://www.webrtc.org/experiments/rtp-hdrext/video-timing', 7],
]);

/** @param extensions URIs by id, as in `SessionDescription` */
export const lateExtensions = (extensions: ReadonlyMap<number, string> | undefined): LateExtension[] =>
  [...(extensions ?? [])].flatMap(([id, uri]) => {
    const from = LATE.get(uri);
    return from === undefined ? [] : [{ id, from }];
  });
