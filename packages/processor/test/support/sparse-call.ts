import { buildRtp, dumpHeader, dumpRecord, packFiles } from '@rawreel/fixtures';

/** A recording of almost nothing, written packet by packet: what matters of it is when its packets were received. */
export interface SparseTrack {
  readonly user?: string;
  readonly kind: 'audio' | 'video';
  /** A stretch of packets each, in ms of the call. */
  readonly segments: readonly SparseSegment[];
}

export interface SparseSegment {
  readonly startMs: number;
  /** 20 ms apart, or 40 for pictures, of which each is a key frame. */
  readonly packets?: number;
  readonly size?: readonly [width: number, height: number];
  readonly codec?: 'opus' | 'vp8' | 'vp9';
  /** What a record says instead of its own offset, by its number. */
  readonly offsets?: ReadonlyMap<number, number> | undefined;
  /** Records that stand behind the packets as they are. */
  readonly more?: readonly Uint8Array[];
}

export const CALL_START_MS = Date.UTC(2026, 10, 20, 11);

export const SSRC = 7;

/** Digital silence: one frame of 20 ms. */
const OPUS = Uint8Array.of(0xf8, 0xff, 0xfe);

/** The header of a VP8 key frame (RFC 6386 §9.1) behind a payload descriptor (RFC 7741 §4.2), and too little data. */
function vp8([width, height]: readonly [number, number]): Uint8Array {
  const size = [width & 0xff, width >> 8, height & 0xff, height >> 8];
  return Uint8Array.of(0x10, 0x10, 0x02, 0x00, 0x9d, 0x01, 0x2a, ...size, ...new Array(20).fill(0));
}

/** The bytes of a ZIP with these tracks. */
export function sparseCall(tracks: readonly SparseTrack[]): Uint8Array {
  const files = new Map<string, Uint8Array>();
  const users = Map.groupBy(tracks, ({ user = 'alice' }) => user);
  let number = 0;
  for (const [user, own] of users) {
    const segments = { audio: [] as unknown[], video: [] as unknown[] };
    for (const [index, { kind, segments: stretches }] of own.entries()) {
      for (const stretch of stretches) {
        const base = `s${++number}`;
        const { packets = 5, codec = kind === 'audio' ? 'opus' : 'vp8' } = stretch;
        const stepMs = kind === 'audio' ? 20 : 40;
        files.set(`${user}/${base}.rtpdump`, dump(stretch, kind, packets, stepMs));
        files.set(`${user}/${base}.sdp`, Buffer.from(sdp(kind, codec)));
        segments[kind].push({
          base_filename: base,
          codec: `${kind}/${codec}`,
          track_id: `t${index}`,
          track_type: `TRACK_TYPE_${kind.toUpperCase()}`,
          first_rtp_unix_timestamp: CALL_START_MS + stretch.startMs,
          last_rtp_unix_timestamp: CALL_START_MS + stretch.startMs + (packets - 1) * stepMs,
        });
      }
    }
    const metadata = {
      call_type: 'default',
      call_id: 'sparse',
      call_session_id: 'run',
      call_start_time: new Date(CALL_START_MS).toISOString(),
      participant_id: user,
      user_session_id: `of-${user}`,
      segments,
    };
    files.set(`${user}/timing_metadata.json`, Buffer.from(JSON.stringify(metadata)));
  }
  return packFiles(files, 'zip');
}

function dump(
  { startMs, size = [320, 180], offsets, more = [] }: SparseSegment,
  kind: string,
  packets: number,
  stepMs: number,
): Uint8Array {
  const records = Array.from({ length: packets }, (_, index) => {
    const rtp = buildRtp({
      marker: kind === 'video',
      payloadType: kind === 'audio' ? 111 : 96,
      sequence: index,
      timestamp: ((startMs + index * stepMs) * (kind === 'audio' ? 48 : 90)) >>> 0,
      ssrc: SSRC,
      payload: kind === 'audio' ? OPUS : vp8(size),
    });
    return dumpRecord(rtp, offsets?.get(index) ?? index * stepMs, 'rtp');
  });
  return Buffer.concat([dumpHeader({ startUnixMs: CALL_START_MS + startMs }), ...records, ...more]);
}

const sdp = (kind: string, codec: string): string =>
  [
    'v=0',
    'o=- 0 0 IN IP4 127.0.0.1',
    's=-',
    't=0 0',
    `m=${kind} 5000 UDP/TLS/RTP/SAVPF ${kind === 'audio' ? 111 : 96}`,
    kind === 'audio' ? 'a=rtpmap:111 opus/48000/2' : `a=rtpmap:96 ${codec.toUpperCase()}/90000`,
    '',
  ].join('\r\n');
