import { overridden, type Settings } from './default-settings.ts';
import { type Call, type CallType, RECORDING_TYPES, type Recording, type State } from './state.ts';

// State as the API tells it: the SDK's …Response types.

export const cidOf = (call: Pick<Call, 'type' | 'id'>) => `${call.type}:${call.id}`;

/** A call has one `settings`: what it overrides and what it inherits cannot be told apart. */
export function settingsOf(state: State, call: Call): Settings {
  const callType = state.callTypes.get(call.type);
  if (callType === undefined) throw new Error(`call ${cidOf(call)} has lost its call type`);
  return overridden(callType.settings, call.override);
}

export const running = (call: Call, type: Recording['type']) =>
  call.recordings.find((recording) => recording.type === type && recording.phase === 'running');

export function callResponse(state: State, call: Call) {
  const types = RECORDING_TYPES.filter((type) => running(call, type) !== undefined);
  return {
    type: call.type,
    id: call.id,
    cid: cidOf(call),
    created_at: nanoseconds(call.createdAt),
    updated_at: nanoseconds(call.updatedAt),
    ...(call.startsAt === undefined ? {} : { starts_at: nanoseconds(Date.parse(call.startsAt)) }),
    current_session_id: call.sessionId,
    backstage: call.backstage,
    // Of old the one for composite recordings, as Stream's client SDK for JavaScript reads it.
    recording: types.includes('composite'),
    transcribing: false,
    captioning: false,
    translating: false,
    blocked_user_ids: [],
    created_by: userResponse(call),
    custom: call.custom,
    egress: {
      broadcasting: false,
      rtmps: [],
      ...Object.fromEntries(types.map((type) => [`${type}_recording`, { status: 'running' }])),
    },
    ingress: { rtmp: { address: '' }, srt: { address: '' }, whip: { address: '' } },
    settings: settingsOf(state, call),
  };
}

function userResponse(call: Call) {
  return {
    id: call.createdById,
    role: 'user',
    banned: false,
    invisible: false,
    online: false,
    shadow_banned: false,
    language: '',
    blocked_user_ids: [],
    teams: [],
    custom: {},
    created_at: nanoseconds(call.createdAt),
    updated_at: nanoseconds(call.createdAt),
  };
}

export function callTypeResponse(callType: CallType) {
  const event = { enabled: false, apns: {}, fcm: {} };
  return {
    name: callType.name,
    created_at: nanoseconds(callType.createdAt),
    updated_at: nanoseconds(callType.updatedAt),
    settings: callType.settings,
    grants: callType.grants,
    notification_settings: {
      enabled: true,
      call_live_started: event,
      call_missed: event,
      call_notification: event,
      call_ring: event,
      session_started: event,
    },
    ...(callType.externalStorage === undefined ? {} : { external_storage: callType.externalStorage }),
  };
}

/** @param url where its file is, for a while. */
export function recordingResponse(recording: Recording, url: string) {
  return recordingWith(nanoseconds, recording, url);
}

/** In an event. */
export function recordingInEvent(recording: Recording, url: string) {
  return recordingWith(iso, recording, url);
}

function recordingWith<Time>(time: (ms: number) => Time, recording: Recording, url: string) {
  return {
    filename: recording.filename,
    url,
    start_time: time(recording.startedAt),
    end_time: time(recording.stoppedAt ?? recording.startedAt),
    session_id: recording.sessionId,
    recording_type: recording.type,
  };
}

/**
 * Nanoseconds since 1970, as the API answers and the SDK reads; its events have ISO 8601. A microsecond is added: such a number has no
 * exact double, and the SDK, which cuts it to milliseconds, would come to one too few now and then.
 */
const nanoseconds = (ms: number) => ms * 1_000_000 + 1_000;

export const iso = (ms: number) => new Date(ms).toISOString();
