import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface SmallTrack {
  readonly user: string;
  readonly trackId: string;
  /** 20 ms each. */
  readonly packets: number;
  /** Bytes at the end of the dump that are left off. */
  readonly cut?: number;
}

/** 2026-11-20T09:30:00Z */
const START = 1_795_167_000_000;
const CLOCK = 48;
const FRAME_MS = 20;
const PAYLOAD_TYPE = 111;
/** 20 ms of digital silence in CELT, mono. */
const SILENCE = Buffer.from([0xf8, 0xff, 0xfe]);

const SDP = [
  'v=0',
  'o=- 0 0 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  `m=audio 9 RTP/AVP ${PAYLOAD_TYPE}`,
  `a=rtpmap:${PAYLOAD_TYPE} opus/48000/2`,
  '',
].join('\r\n');

/** Writes an extracted recording of audio tracks, one session for each user. */
export function writeRecording(folder: string, tracks: readonly SmallTrack[]): void {
  const users = [...new Set(tracks.map(({ user }) => user))];
  for (const [position, user] of users.entries()) {
    const place = join(folder, `user_${position}`, 'session_1');
    mkdirSync(place, { recursive: true });
    const audio = tracks
      .filter((track) => track.user === user)
      .map((track, index) => {
        const base = `audio_${index + 1}`;
        const dump = rtpdump(track.packets, index);
        writeFileSync(join(place, `${base}.rtpdump`), dump.subarray(0, dump.length - (track.cut ?? 0)));
        writeFileSync(join(place, `${base}.sdp`), SDP);
        return {
          base_filename: base,
          codec: 'audio/opus',
          track_id: track.trackId,
          track_type: 'TRACK_TYPE_AUDIO',
          first_rtp_rtp_timestamp: 0,
          last_rtp_rtp_timestamp: (track.packets - 1) * FRAME_MS * CLOCK,
          first_rtp_unix_timestamp: START,
          last_rtp_unix_timestamp: START + (track.packets - 1) * FRAME_MS,
        };
      });
    const metadata = {
      call_type: 'default',
      call_id: 'small',
      call_session_id: 'run-1',
      call_start_time: new Date(START).toISOString(),
      participant_id: user,
      user_session_id: `s-${position}`,
      segments: { audio, video: null },
    };
    writeFileSync(join(place, 'timing_metadata.json'), JSON.stringify(metadata));
  }
}

/** Text line, 16 bytes of header, then per packet 8 bytes of record, 12 of RTP and the payload. */
function rtpdump(packets: number, ssrc: number): Buffer {
  const header = Buffer.alloc(16);
  header.writeUInt32BE(START / 1000, 0);
  const length = 12 + SILENCE.length;
  const records = Array.from({ length: packets }, (_, index) => {
    const record = Buffer.alloc(8 + 12);
    record.writeUInt16BE(8 + length, 0);
    record.writeUInt16BE(length, 2);
    record.writeUInt32BE(index * FRAME_MS, 4);
    record.writeUInt8(0x80, 8);
    record.writeUInt8(PAYLOAD_TYPE, 9);
    record.writeUInt16BE(index & 0xffff, 10);
    record.writeUInt32BE(index * FRAME_MS * CLOCK, 12);
    record.writeUInt32BE(0x1000 + ssrc, 16);
    return Buffer.concat([record, SILENCE]);
  });
  return Buffer.concat([Buffer.from('#!rtpplay1.0 127.0.0.1/5000\n'), header, ...records]);
}
