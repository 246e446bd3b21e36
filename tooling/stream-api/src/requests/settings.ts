import * as v from 'valibot';

// What may stand in `settings` and `settings_override`: the SDK's CallSettingsRequest and what it is made of. A field that is not
// there is refused, at any depth.

/** A section may be left out; in it, what is required may not. */
function section<Required extends v.ObjectEntries, Rest extends v.ObjectEntries>(
  required: Required,
  rest: Rest,
) {
  return v.optional(v.strictObject({ ...required, ...v.partial(v.object(rest)).entries }));
}

const flag = v.boolean();
const whole = v.pipe(v.number(), v.integer());
const texts = v.array(v.string());
const mode = v.picklist(['available', 'disabled', 'auto-on']);
const quality = v.picklist(['360p', '480p', '720p', '1080p', '1440p']);
const orientedQuality = v.picklist([
  ...quality.options,
  'portrait-360x640',
  'portrait-480x854',
  'portrait-720x1280',
  'portrait-1080x1920',
  'portrait-1440x2560',
]);
const LANGUAGES =
  'auto en fr es de it nl pt pl ca cs da el fi id ja ru sv ta th tr hu ro zh ar tl he hi hr ko ms no uk bg et sl sk';

const resolution = section({ height: whole, width: whole }, { bitrate: whole });
const layout = section(
  { name: v.picklist(['spotlight', 'grid', 'single-participant', 'mobile', 'custom']) },
  {
    detect_orientation: flag,
    external_app_url: v.string(),
    external_css_url: v.string(),
    options: v.record(v.string(), v.unknown()),
  },
);
const videoEncoding = v.strictObject({
  layers: v.array(
    v.strictObject({
      bitrate: whole,
      codec: v.picklist(['h264', 'vp8']),
      frame_rate_limit: whole,
      max_dimension: whole,
      min_dimension: whole,
    }),
  ),
  source: v.strictObject({ fps: v.picklist(['30', '60']), height: whole, width: whole }),
});

export const callSettings = v.strictObject({
  audio: section(
    { default_device: v.picklist(['speaker', 'earpiece']) },
    {
      access_request_enabled: flag,
      hifi_audio_enabled: flag,
      mic_default_on: flag,
      opus_dtx_enabled: flag,
      redundant_coding_enabled: flag,
      speaker_default_on: flag,
      noise_cancellation: section({ mode }, {}),
    },
  ),
  backstage: section({}, { enabled: flag, join_ahead_time_seconds: whole }),
  broadcasting: section(
    {},
    {
      enabled: flag,
      hls: section({ quality_tracks: v.array(orientedQuality) }, { auto_on: flag, enabled: flag, layout }),
      rtmp: section({}, { enabled: flag, quality: orientedQuality, layout }),
    },
  ),
  encryption: section({}, { mode }),
  frame_recording: section({ capture_interval_in_seconds: whole, mode }, { quality }),
  geofencing: section({}, { names: texts }),
  individual_recording: section(
    { mode },
    {
      output_types: v.array(
        v.picklist([
          'audio_only',
          'video_only',
          'audio_video',
          'screenshare_audio_only',
          'screenshare_video_only',
          'screenshare_audio_video',
        ]),
      ),
    },
  ),
  ingress: section(
    {},
    {
      enabled: flag,
      audio_encoding_options: section(
        { bitrate: whole, channels: v.picklist(['1', '2']) },
        { enable_dtx: flag },
      ),
      video_encoding_options: v.record(v.string(), videoEncoding),
    },
  ),
  limits: section(
    {},
    {
      max_duration_seconds: whole,
      max_participants: whole,
      max_participants_exclude_owner: flag,
      max_participants_exclude_roles: texts,
    },
  ),
  raw_recording: section({ mode }, { audio_only: flag }),
  recording: section({ mode }, { audio_only: flag, quality: orientedQuality, layout }),
  ring: section(
    { auto_cancel_timeout_ms: whole, incoming_call_timeout_ms: whole },
    { missed_call_timeout_ms: whole },
  ),
  screensharing: section({}, { access_request_enabled: flag, enabled: flag, target_resolution: resolution }),
  session: section({ inactivity_timeout_seconds: whole }, {}),
  thumbnails: section({}, { enabled: flag }),
  transcription: section(
    {},
    {
      closed_caption_mode: mode,
      language: v.picklist(LANGUAGES.split(' ')),
      mode,
      speech_segment_config: section({}, { max_speech_caption_ms: whole, silence_duration_ms: whole }),
      translation: section({}, { enabled: flag, languages: texts }),
    },
  ),
  video: section(
    {},
    {
      access_request_enabled: flag,
      camera_default_on: flag,
      camera_facing: v.picklist(['front', 'back', 'external']),
      enabled: flag,
      target_resolution: resolution,
    },
  ),
});
export type CallSettings = v.InferOutput<typeof callSettings>;
