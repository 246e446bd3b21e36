import type { Recording, Segment, SegmentTiming, Track } from '@rawreel/archive';
import { CODECS, codecOfMime, parseSessionDescription } from '@rawreel/rtp';
import { type FetchDumps, readableBytesOf } from '../read/open-dump.ts';
import { blankDump } from './blank-dump.ts';
import { blankSdp } from './blank-sdp.ts';
import { type ZipEntry, zipOf } from './zip-of.ts';

export interface ScrubOptions {
  readonly signal?: AbortSignal | undefined;
  readonly maxEntrySize?: number | undefined;
  readonly fetch?: FetchDumps | undefined;
}

const FOLDER = 'raw-recording-scrubbed';

/** MIME types are short; what else stands there may be anything. */
const MIME = /^[\w./+-]{1,40}$/;

/**
 * A recording without what was seen, heard and said in it, as the bytes of a ZIP: the same packets with their headers, sizes and
 * times, payloads overwritten but for what receivers go by, and ids replaced. What rawreel makes of it has the same times, gaps,
 * counts and sizes. Damage of the container itself, and of its metadata, is not in it: they are written anew.
 *
 * @throws the signal's reason when aborted
 */
export const scrubRecording = (
  recording: Recording,
  options: ScrubOptions = {},
): AsyncGenerator<Uint8Array> => zipOf(entriesOf(recording, options));

function* entriesOf(recording: Recording, { fetch, ...reading }: ScrubOptions): Generator<ZipEntry> {
  const users = [...new Set(recording.sessions.map(({ userId }) => userId))];
  let number = 0;
  for (const [index, session] of recording.sessions.entries()) {
    const folder = `${FOLDER}/${numbered('user', users.indexOf(session.userId))}/${numbered('session', index)}/`;
    const listed = session.tracks.map((track) => ({
      track,
      trackId: numbered('track', number++),
      segments: track.segments.map((segment, at) => ({
        segment,
        base: `${numbered(wordOf(track), number)}_${at + 1}`,
      })),
    }));
    const metadata = metadataOf(recording, users.indexOf(session.userId), index, listed);
    yield { name: `${folder}timing_metadata.json`, pieces: () => textOf(JSON.stringify(metadata, null, 2)) };
    for (const { track, segments } of listed) {
      for (const { segment, base } of segments) {
        const { dump, sdp } = segment;
        if (sdp !== undefined) yield { name: `${folder}${base}.sdp`, pieces: () => textOf(blankSdp(sdp)) };
        if (dump === undefined) continue;
        const known = codecOfMime(segment.codec);
        const codec = known ?? (track.kind === 'audio' ? 'opus' : 'vp8');
        const description =
          sdp === undefined ? undefined : parseSessionDescription(sdp, { kind: CODECS[codec].kind, codec });
        const pieces = async function* () {
          await fetch?.([dump], reading.signal);
          yield* blankDump(readableBytesOf(dump, reading), codec, description);
        };
        yield { name: `${folder}${base}.rtpdump`, pieces };
      }
    }
  }
}

/** Padded, so that they sort as they are counted. */
const numbered = (word: string, index: number): string => `${word}-${String(index + 1).padStart(4, '0')}`;

const wordOf = ({ kind, screenshare }: Track): string => (screenshare ? `screen_share_${kind}` : kind);

async function* textOf(text: string): AsyncGenerator<Uint8Array> {
  yield Buffer.from(text);
}

interface Listed {
  readonly track: Track;
  readonly trackId: string;
  readonly segments: readonly { readonly segment: Segment; readonly base: string }[];
}

function metadataOf(recording: Recording, user: number, index: number, listed: readonly Listed[]) {
  const segmentsOf = (kind: Track['kind']) =>
    listed
      .filter(({ track }) => track.kind === kind)
      .flatMap(({ track, trackId, segments }) =>
        segments.map(({ segment, base }) => ({
          base_filename: base,
          codec: MIME.test(segment.codec) ? segment.codec : '',
          track_id: trackId,
          track_type: track.trackType,
          ...timesOf(segment.timing),
        })),
      );
  return {
    call_type: MIME.test(recording.callType) ? recording.callType : 'default',
    call_id: 'scrubbed',
    call_session_id: 'scrubbed',
    ...(recording.callStartMs === undefined
      ? {}
      : { call_start_time: new Date(recording.callStartMs).toISOString() }),
    participant_id: numbered('user', user),
    user_session_id: numbered('session', index),
    segments: { audio: segmentsOf('audio'), video: segmentsOf('video') },
  };
}

const timesOf = (timing: SegmentTiming) => ({
  first_rtp_rtp_timestamp: timing.firstRtpTimestamp,
  last_rtp_rtp_timestamp: timing.lastRtpTimestamp,
  first_rtp_unix_timestamp: timing.firstRtpUnixMs,
  last_rtp_unix_timestamp: timing.lastRtpUnixMs,
  first_rtcp_rtp_timestamp: timing.firstReportRtpTimestamp,
  last_rtcp_rtp_timestamp: timing.lastReportRtpTimestamp,
  first_rtcp_ntp_timestamp: timing.firstReportNtpMs,
  last_rtcp_ntp_timestamp: timing.lastReportNtpMs,
  first_key_frame_offset_ms: timing.firstKeyFrameOffsetMs,
  max_frame_dimension: timing.maxFrameDimension,
});
