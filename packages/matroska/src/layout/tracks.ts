import { binary, type EbmlElement, float, master, uint, utf8 } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import type { AudioTrackEntry, TrackEntry, VideoTrackEntry } from '../track-entry.ts';

/** A decoder needs this much Opus before a seek point to have converged (RFC 7845 §4.6), in nanoseconds. */
const OPUS_SEEK_PRE_ROLL_NS = 80_000_000;

/**
 * Tracks (RFC 9559 §5.1.4). No DefaultDuration: what comes from a network has no fixed interval, and readers
 * that believe one move the frames onto its grid.
 */
export function tracksElement(tracks: readonly TrackEntry[], uids: readonly number[]): EbmlElement {
  return master(
    Id.Tracks,
    tracks.map((track, index) => trackEntry(index + 1, uids[index] as number, track)),
  );
}

function trackEntry(number: number, uid: number, track: TrackEntry): EbmlElement {
  const opus = track.codecId === 'A_OPUS';
  return master(Id.TrackEntry, [
    uint(Id.TrackNumber, number),
    uint(Id.TrackUID, uid),
    uint(Id.TrackType, track.kind === 'video' ? 1 : 2),
    uint(Id.FlagLacing, 0),
    track.name === undefined ? undefined : utf8(Id.Name, track.name),
    // Left out it would mean English.
    utf8(Id.Language, track.language ?? 'und'),
    utf8(Id.CodecID, track.codecId),
    track.codecPrivate?.length ? binary(Id.CodecPrivate, track.codecPrivate) : undefined,
    // Zero, and said: nothing of a stream that was tapped mid-call is encoder delay to be cut off.
    opus ? uint(Id.CodecDelay, 0) : undefined,
    opus ? uint(Id.SeekPreRoll, OPUS_SEEK_PRE_ROLL_NS) : undefined,
    track.kind === 'video' ? video(track) : audio(track),
  ]);
}

function audio(track: AudioTrackEntry): EbmlElement {
  return master(Id.Audio, [
    float(Id.SamplingFrequency, track.samplingFrequency),
    uint(Id.Channels, track.channels),
    track.bitDepth === undefined ? undefined : uint(Id.BitDepth, track.bitDepth),
  ]);
}

function video(track: VideoTrackEntry): EbmlElement {
  return master(Id.Video, [
    uint(Id.PixelWidth, track.pixelWidth),
    uint(Id.PixelHeight, track.pixelHeight),
    projection(track.rotation ?? 0),
  ]);
}

/**
 * A picture to be turned is a rectangular projection with a roll (RFC 9559, Projection). The roll counts
 * counter-clockwise from −180 to 180, `clockwise` the other way round: 90 → −90, 180 → 180, 270 → 90.
 */
function projection(clockwise: 0 | 90 | 180 | 270): EbmlElement | undefined {
  if (clockwise === 0) return undefined;
  return master(Id.Projection, [
    uint(Id.ProjectionType, 0),
    float(Id.ProjectionPoseRoll, clockwise === 180 ? 180 : clockwise === 90 ? -90 : 90),
  ]);
}
