import { createHash } from 'node:crypto';
import type { MatroskaOptions } from '../matroska-options.ts';

/**
 * Ids that say which content this is, without randomness: the same input must give the same bytes, so SegmentUUID and
 * TrackUID come from a hash of what the options say about the content. Two files of the same recording, track and
 * tags share them, which is what they are for.
 */
export interface Identity {
  /** 16 octets, a UUID of version 8 (RFC 9562 §5.8: made up by the application's own rule). */
  readonly segmentUuid: Uint8Array;
  /** In track order. 48 bits, so that readers which keep numbers as doubles still match tags to tracks. */
  readonly trackUids: readonly number[];
}

export function identityOf(options: MatroskaOptions): Identity {
  const said = JSON.stringify([
    options.docType,
    options.title ?? null,
    options.startsAtMs ?? null,
    Object.entries(options.tags ?? {}),
    options.tracks.map((track) => [track.codecId, track.name ?? null, Object.entries(track.tags ?? {})]),
  ]);
  const segmentUuid = new Uint8Array(sha256(said).subarray(0, 16));
  segmentUuid[6] = ((segmentUuid[6] as number) & 0x0f) | 0x80;
  segmentUuid[8] = ((segmentUuid[8] as number) & 0x3f) | 0x80;
  const trackUids = options.tracks.map((_, index) => {
    // Zero is not a TrackUID.
    return sha256(segmentUuid, `track ${index + 1}`).readUIntBE(0, 6) || index + 1;
  });
  return { segmentUuid, trackUids };
}

function sha256(...parts: readonly (Uint8Array | string)[]): Buffer {
  const hash = createHash('sha256');
  for (const part of parts) hash.update(part);
  return hash.digest();
}
