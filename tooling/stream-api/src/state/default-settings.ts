import type { CallSettings } from '../requests/settings.ts';

type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json };
export type Settings = { readonly [section: string]: { readonly [field: string]: Json } };

const layout = { name: 'spotlight', external_app_url: '', external_css_url: '' };

/** One field of a section. */
export const setting = (settings: Settings, section: string, field: string): Json | undefined =>
  settings[section]?.[field];

/** Every section that the SDK's CallSettingsResponse requires. Which values a new app of Stream's has is not documented. */
const DEFAULTS: Settings = {
  audio: {
    access_request_enabled: true,
    default_device: 'speaker',
    hifi_audio_enabled: false,
    mic_default_on: true,
    opus_dtx_enabled: true,
    redundant_coding_enabled: true,
    speaker_default_on: true,
  },
  backstage: { enabled: false },
  broadcasting: {
    enabled: true,
    hls: { auto_on: false, enabled: true, quality_tracks: ['720p'], layout },
    rtmp: { enabled: true, quality: '720p', layout },
  },
  encryption: { mode: 'disabled' },
  frame_recording: { capture_interval_in_seconds: 5, mode: 'disabled', quality: '720p' },
  geofencing: { names: [] },
  individual_recording: { mode: 'disabled' },
  limits: { max_participants_exclude_roles: [] },
  raw_recording: { mode: 'available', audio_only: false },
  recording: { audio_only: false, mode: 'available', quality: '720p', layout },
  ring: { auto_cancel_timeout_ms: 15_000, incoming_call_timeout_ms: 15_000, missed_call_timeout_ms: 15_000 },
  screensharing: { access_request_enabled: false, enabled: true },
  session: { inactivity_timeout_seconds: 30 },
  thumbnails: { enabled: false },
  transcription: { closed_caption_mode: 'disabled', language: 'auto', mode: 'disabled' },
  video: {
    access_request_enabled: true,
    camera_default_on: true,
    camera_facing: 'front',
    enabled: true,
    target_resolution: { width: 1280, height: 720, bitrate: 1_500_000 },
  },
};

/** A call type's settings, where only those of `chosen` are other than a new app's. */
export const settingsWith = (chosen: CallSettings = {}): Settings => overridden(DEFAULTS, chosen);

/**
 * `base` with the sections of `chosen` in the place of its own. A section is taken as a whole: what a request leaves out of it falls
 * back to the default, not to what was set before. Whether the API merges deeper is not documented; a client that reads first and
 * sends the section whole is right either way, and any other is found out here.
 */
export function overridden(base: Settings, chosen: CallSettings): Settings {
  const sections = Object.entries(chosen).flatMap(([section, fields]) =>
    fields === undefined ? [] : [[section, filled(DEFAULTS[section], fields)]],
  );
  return { ...base, ...Object.fromEntries(sections) };
}

/** The value with the fields that it lacks, at any depth. */
function filled(defaults: unknown, value: unknown): unknown {
  if (!isObject(defaults) || !isObject(value)) return value;
  const own = Object.entries(value).map(([key, inner]) => [key, filled(defaults[key], inner)]);
  return { ...defaults, ...Object.fromEntries(own) };
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
