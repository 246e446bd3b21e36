import { COMPOSITE_FORMAT_TABLE, type CompositeFormat } from './composite-formats.ts';
import { DEFAULT_KBPS, MIX_FORMAT_TABLE, type MixFormat, mixFormat } from './mix-formats.ts';

/** What can be made of a recording. */
export const OUTPUTS = [
  'audio',
  'video',
  'muxed',
  'mix',
  'transcription',
  'composite',
  'editor',
  'podcast',
] as const;

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

/** Of levels that senders give their packets (RFC 6464), dBov: below the least there is digital silence alone. */
export const GATE_DBOV = { least: -126, most: -1 } as const;

/** Where people and screens are seen in a composite. */
export const COMPOSITE_LAYOUTS = [
  /** A grid; a shared screen takes the stage. */
  'auto',
  'grid',
  /** Whoever speaks, or a shared screen, on the stage. */
  'spotlight',
  /** One at a time: a shared screen, or whoever speaks. */
  'single',
  'screenshare',
  /** A shared screen and whoever speaks, or the two who spoke last. */
  'side-by-side',
  /** Initials only. */
  'audio-only',
] as const;

export const COMPOSITE_FORMATS = Object.keys(COMPOSITE_FORMAT_TABLE) as CompositeFormat[];

/** Pixels of a side: an encoder takes less, but nobody sees it. */
export const COMPOSITE_SIDE = { least: 64, most: 4096 } as const;

export const COMPOSITE_FPS = { least: 1, most: 60 } as const;

/** People in one picture, and columns of a grid. */
export const COMPOSITE_PLACES = { least: 1, most: 49 } as const;

/** Of x264, the fastest first: each takes more processor time, and less room for the same quality. */
export const X264_PRESETS = [
  'ultrafast',
  'superfast',
  'veryfast',
  'faster',
  'fast',
  'medium',
  'slow',
  'slower',
  'veryslow',
] as const;

/** How a picture that has another shape than its place comes into it: whole, or cut. Neither stretches it. */
export const COMPOSITE_FITS = ['contain', 'cover'] as const;

/** What a template of file names can have in it, between braces. */
export const NAME_FIELDS = [
  /** The participant's id; `all` of what is made of everybody. */
  'user',
  'session',
  'track',
  /** `audio`, `video`, `av`, `screen`, `screen-audio`, `screen-av`, `mix`, `voice`, `turns`, `composite`, `scenes`, `stem`, `screen-stem`, `podcast`, `podcast-stem`, `timeline` … */
  'media',
  /** Id and type of the call. */
  'call',
  'type',
  /** Of the call's start, UTC: `2026-11-20`, `093000`, and as unix ms. */
  'date',
  'time',
  'start',
  /** When the recording begins, UTC, `20261120T093512Z`: of one call there may be several. */
  'recorded',
] as const;

export type NameField = (typeof NAME_FIELDS)[number];

/** Templates with a name of their own. */
export const NAME_PRESETS = {
  short: '{user}-{media}',
  dated: '{date}-{user}-{media}',
  call: '{call}-{user}-{media}',
  recorded: '{recorded}-{user}-{media}',
} as const satisfies Readonly<Record<string, string>>;

/** Pictures a second of what an editor is given. */
export const PROXY_FPS = [25, 30] as const;

export const PROXY_CODECS = ['h264', 'prores'] as const;

/** One person's sound, lossless. */
export const STEM_FORMATS = ['wav', 'flac'] as const;

/** Formats of a mix that can have chapters. */
export const PODCAST_FORMATS = ['mp3', 'm4a'] as const;
