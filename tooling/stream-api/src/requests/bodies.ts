import * as v from 'valibot';
import { callFilter, SORT_FIELDS } from './call-filter.ts';
import { callSettings } from './settings.ts';

// The bodies that the API takes, after the SDK's …Request types. What is not named is refused.

const text = v.string();
const name = v.pipe(text, v.nonEmpty());
const flag = v.optional(v.boolean());
const custom = v.record(text, v.unknown());
const time = v.pipe(text, v.isoTimestamp());
const grants = v.record(text, v.array(text));
const settings = v.optional(callSettings);

const user = v.strictObject({
  id: name,
  image: v.optional(text),
  invisible: flag,
  language: v.optional(text),
  name: v.optional(text),
  role: v.optional(text),
  teams: v.optional(v.array(text)),
  custom: v.optional(custom),
  teams_role: v.optional(v.record(text, text)),
});
const eventNotification = v.optional(
  v.strictObject({
    enabled: flag,
    apns: v.optional(
      v.strictObject({
        body: v.optional(text),
        content_available: v.optional(v.number()),
        mutable_content: v.optional(v.number()),
        sound: v.optional(text),
        title: v.optional(text),
        data: v.optional(custom),
      }),
    ),
    fcm: v.optional(v.strictObject({ data: v.optional(custom) })),
  }),
);
const notificationSettings = v.optional(
  v.strictObject({
    enabled: flag,
    call_live_started: eventNotification,
    call_missed: eventNotification,
    call_notification: eventNotification,
    call_ring: eventNotification,
    session_started: eventNotification,
  }),
);

export const getOrCreateCall = v.strictObject({
  members_limit: v.optional(v.pipe(v.number(), v.integer())),
  notify: flag,
  ring: flag,
  video: flag,
  data: v.optional(
    v.strictObject({
      channel_cid: v.optional(text),
      created_by_id: v.optional(name),
      created_by: v.optional(user),
      starts_at: v.optional(time),
      team: v.optional(text),
      video: flag,
      members: v.optional(
        v.array(v.strictObject({ user_id: name, role: v.optional(text), custom: v.optional(custom) })),
      ),
      custom: v.optional(custom),
      settings_override: settings,
    }),
  ),
});
export type GetOrCreateCall = v.InferOutput<typeof getOrCreateCall>;

export const updateCall = v.strictObject({
  starts_at: v.optional(time),
  custom: v.optional(custom),
  settings_override: settings,
});
export type UpdateCall = v.InferOutput<typeof updateCall>;

export const queryCalls = v.strictObject({
  limit: v.optional(v.pipe(v.number(), v.integer(), v.minValue(0), v.maxValue(100))),
  next: v.optional(name),
  prev: v.optional(name),
  sort: v.optional(
    v.pipe(
      v.array(
        v.strictObject({
          field: v.picklist(SORT_FIELDS),
          direction: v.optional(v.picklist([1, -1])),
          type: v.optional(text),
        }),
      ),
      v.maxLength(2),
    ),
  ),
  filter_conditions: v.optional(callFilter),
});
export type QueryCalls = v.InferOutput<typeof queryCalls>;

export const goLive = v.strictObject({
  recording_storage_name: v.optional(name),
  start_closed_caption: flag,
  start_composite_recording: flag,
  start_hls: flag,
  start_individual_recording: flag,
  start_raw_recording: flag,
  start_recording: flag,
  start_transcription: flag,
  transcription_storage_name: v.optional(name),
});
export type GoLive = v.InferOutput<typeof goLive>;

export const stopLive = v.strictObject({
  continue_closed_caption: flag,
  continue_composite_recording: flag,
  continue_hls: flag,
  continue_individual_recording: flag,
  continue_raw_recording: flag,
  continue_recording: flag,
  continue_rtmp_broadcasts: flag,
  continue_transcription: flag,
});
export type StopLive = v.InferOutput<typeof stopLive>;

export const startRecording = v.strictObject({ recording_external_storage: v.optional(name) });
export type StartRecording = v.InferOutput<typeof startRecording>;

export const stopRecording = v.strictObject({});

const callTypeFields = {
  external_storage: v.optional(text),
  grants: v.optional(grants),
  notification_settings: notificationSettings,
  settings,
};
export const createCallType = v.strictObject({
  name: v.pipe(text, v.regex(/^[\w-]{1,64}$/, 'must be 1 to 64 letters, digits, - and _')),
  ...callTypeFields,
});
export type CreateCallType = v.InferOutput<typeof createCallType>;

export const updateCallType = v.strictObject(callTypeFields);
export type UpdateCallType = v.InferOutput<typeof updateCallType>;

const s3 = v.strictObject({
  s3_region: name,
  s3_api_key: v.optional(text),
  s3_custom_endpoint_url: v.optional(text),
  s3_secret: v.optional(text),
});
const azure = v.strictObject({
  abs_account_name: name,
  abs_client_id: name,
  abs_client_secret: name,
  abs_tenant_id: name,
});
const storageFields = {
  bucket: name,
  storage_type: v.picklist(['s3', 'gcs', 'abs']),
  path: v.optional(text),
  aws_s3: v.optional(s3),
  azure_blob: v.optional(azure),
  gcs_credentials: v.optional(text),
};
/** Without its own field for credentials a storage could not be written to; S3 can, by a role. */
const MISSING = [
  { type: 'gcs', field: 'gcs_credentials' },
  { type: 'abs', field: 'azure_blob' },
] as const;
type StorageFields = v.InferOutput<v.ObjectSchema<typeof storageFields, undefined>>;
const missingIn = (body: StorageFields) =>
  MISSING.find(({ type, field }) => body.storage_type === type && body[field] === undefined)?.field;

export const createExternalStorage = v.pipe(
  v.strictObject({ name, ...storageFields }),
  v.check(({ name }) => name !== 'stream-s3', 'stream-s3 is a reserved name'),
  v.check(
    (body) => missingIn(body) === undefined,
    ({ input }) => `${missingIn(input)} is a required field`,
  ),
);
export type CreateExternalStorage = v.InferOutput<typeof createExternalStorage>;

export const updateExternalStorage = v.pipe(
  v.strictObject(storageFields),
  v.check(
    (body) => missingIn(body) === undefined,
    ({ input }) => `${missingIn(input)} is a required field`,
  ),
);
export type UpdateExternalStorage = v.InferOutput<typeof updateExternalStorage>;
