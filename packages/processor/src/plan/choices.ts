import { DEFAULT_KBPS, MIX_FORMAT_TABLE, type MixFormat, mixFormat } from './mix-formats.ts';

/** What can be made of a recording. */
export const OUTPUTS = ['audio', 'video', 'muxed', 'mix', 'transcription'] as const;

/** What happens to time without packets between two segments (mute, reconnect, missing dump). */
export const GAP_POLICIES = [
  /** Silence and black frames, so that every player shows the time. */
  'fill',
  /** Nothing is written: the gap stands in the timestamps. */
  'keep',
] as const;

/** Where an output's time 0 lies. */
export const ALIGN_POLICIES = [
  /** At the track's own first packet. */
  'track',
  /** At the recording's zero: files of different participants can be laid on one timeline as they are. */
  'recording',
] as const;

/** What a muxed file is. */
export const CONTAINERS = ['mkv', 'mp4', 'webm'] as const;

/** Which pairs of tracks are muxed: microphone with camera, screen share audio with screen share, or both. */
export const MEDIA_CHOICES = ['user', 'display', 'both'] as const;

/** What a mix is written as. */
export const MIX_FORMATS = Object.keys(MIX_FORMAT_TABLE) as MixFormat[];

/** Formats without a bitrate; mkv is one of them only where none is asked for. */
export const LOSSLESS_FORMATS: readonly string[] = MIX_FORMATS.filter((format) => {
  const { coding, codingAtBitrate = coding } = mixFormat(format);
  return DEFAULT_KBPS[codingAtBitrate] === undefined;
});

/** `per-user` keeps participants apart: a track each in MKV, a channel each in WAV. */
export const MIX_LAYOUTS = ['mono', 'stereo', 'per-user'] as const;

/** Formats that keep users apart, and the most channels or tracks that their headers, or most programs, can take. */
export const MOST_USERS_APART: Partial<Readonly<Record<MixFormat, number>>> = Object.fromEntries(
  MIX_FORMATS.flatMap((format) => {
    const { mostUsersApart } = mixFormat(format);
    return mostUsersApart === undefined ? [] : [[format, mostUsersApart]];
  }),
);

/** kbit/s that any of the encoders can do; each has its own least and most. */
export const BITRATES_KBPS = { least: 6, most: 512 } as const;

/** LUFS (EBU R128). Broadcasters ask for −23 or −24, platforms for −14 to −19. */
export const LOUDNESS_LUFS = { least: -70, most: -5 } as const;
