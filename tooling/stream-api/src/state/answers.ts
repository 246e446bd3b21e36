import { overridden, type Settings } from './default-settings.ts';
import {
  type Call,
  type CallType,
  RECORDING_TYPES,
  type Recording,
  type Session,
  type State,
} from './state.ts';

// State as the API tells it: the SDK's …Response types.

export const cidOf = (call: Pick<Call, 'type' | 'id'>) => `${call.type}:${call.id}`;

/** A call has one `settings`: what it overrides and what it inherits cannot be told apart. */
export function settingsOf(state: State, call: Call): Settings {
  const callType = state.callTypes.get(call.type);
  if (callType === undefined) throw new Error(`call ${cidOf(call)} has lost its call type`);
  return overridden(callType.settings, call.override);
}

/** That is running, or about to. */
export const underWay = (call: Call, type: Recording['type']) =>
  call.recordings.find(
    (recording) =>
      recording.type === type && (recording.phase === 'running' || recording.phase === 'starting'),
  );

export const activeSession = ({ session }: Call) => (session?.endedAt === undefined ? session : undefined);

export function callResponse(state: State, call: Call) {
  const egresses = RECORDING_TYPES.map((type) => {
    const recording = underWay(call, type);
    return [`${type}_recording`, recording === undefined ? null : { status: recording.phase }] as const;
  });
  return {
    type: call.type,
    id: call.id,
    cid: cidOf(call),
    created_at: nanoseconds(call.createdAt),
    updated_at: nanoseconds(call.updatedAt),
    // What is not there is null, as the API has been seen to answer.
    starts_at: call.startsAt === undefined ? null : nanoseconds(Date.parse(call.startsAt)),
    ended_at: nanosecondsOrNull(call.endedAt),
    thumbnails: null,
    current_session_id: call.session?.id ?? '',
    session: call.session === undefined ? null : sessionResponse(call.session),
    backstage: call.backstage,
    // Of old the one for composite recordings, as Stream's client SDK for JavaScript reads it.
    recording: underWay(call, 'composite') !== undefined,
    transcribing: false,
    captioning: false,
    translating: false,
    blocked_user_ids: [],
    created_by: userResponse(call.createdById, call.createdAt),
    custom: call.custom,
    egress: {
      broadcasting: false,
      rtmps: [],
      hls: null,
      ...Object.fromEntries(egresses),
    },
    ingress: { rtmp: { address: '' }, srt: { address: '' }, whip: { address: '' } },
    settings: settingsOf(state, call),
  };
}

function sessionResponse({ id, startedAt, endedAt, participants }: Session) {
  return {
    id,
    started_at: nanoseconds(startedAt),
    ended_at: nanosecondsOrNull(endedAt),
    live_started_at: null,
    live_ended_at: null,
    timer_ends_at: null,
    participants: participants.map((userId) => ({
      user_session_id: `${id}:${userId}`,
      role: 'user',
      joined_at: nanoseconds(startedAt),
      user: userResponse(userId, startedAt),
    })),
    participants_count_by_role: participants.length === 0 ? {} : { user: participants.length },
    anonymous_participant_count: 0,
    accepted_by: {},
    missed_by: {},
    rejected_by: {},
  };
}

function userResponse(id: string, createdAt: number) {
  return {
    id,
    role: 'user',
    banned: false,
    invisible: false,
    online: false,
    shadow_banned: false,
    language: '',
    blocked_user_ids: [],
    teams: [],
    custom: {},
    created_at: nanoseconds(createdAt),
    updated_at: nanoseconds(createdAt),
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
export const nanoseconds = (ms: number) => ms * 1_000_000 + 1_000;

const nanosecondsOrNull = (ms: number | undefined) => (ms === undefined ? null : nanoseconds(ms));

export const iso = (ms: number) => new Date(ms).toISOString();
