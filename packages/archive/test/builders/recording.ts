/** Pieces of a small recording, to be put into any container. */

export interface File {
  readonly name: string;
  readonly data: Uint8Array | string;
}

export const START = Date.UTC(2026, 10, 20, 9, 30);

export function segment(base: string, fields: Record<string, unknown> = {}): Record<string, unknown> {
  const video = base.includes('video');
  return {
    base_filename: base,
    codec: video ? 'video/VP8' : 'audio/opus',
    track_id: video ? 'track-v' : 'track-a',
    track_type: video ? 'TRACK_TYPE_VIDEO' : 'TRACK_TYPE_AUDIO',
    first_rtp_rtp_timestamp: 1000,
    last_rtp_rtp_timestamp: 481_000,
    first_rtp_unix_timestamp: START + 500,
    last_rtp_unix_timestamp: START + 10_500,
    ...fields,
  };
}

export function metadata(
  user: string,
  audio: unknown = [segment('audio_1')],
  video: unknown = [],
  fields: Record<string, unknown> = {},
): string {
  return JSON.stringify({
    call_type: 'default',
    call_id: 'standup',
    call_session_id: 'call-session',
    call_start_time: '2026-11-20T09:30:00.250Z',
    participant_id: user,
    user_session_id: `session-${user}`,
    segments: { audio, video },
    ...fields,
  });
}

export function sdp(codec = 'opus/48000/2', media = 'audio'): string {
  return `v=0\r\nm=${media} 9 UDP/TLS/RTP/SAVPF 111\r\na=rtpmap:111 ${codec}\r\n`;
}

/** No real rtpdump: this package hands the bytes on without a look at them. */
export function dump(text: string, size = 2000): Buffer {
  return Buffer.alloc(size, `#!rtpplay1.0 ${text}\n`);
}

/** A user's session in the nested layout, one audio segment. */
export function nested(user: string, folder = `rec/${user}/session_1`): File[] {
  return [
    { name: `${folder}/audio_1.rtpdump`, data: dump(user) },
    { name: `${folder}/audio_1.sdp`, data: sdp() },
    { name: `${folder}/timing_metadata.json`, data: metadata(user) },
  ];
}
