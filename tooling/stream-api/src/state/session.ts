import { randomUUID } from 'node:crypto';
import type { Api } from '../endpoints/endpoint.ts';
import { activeSession, callResponse, cidOf, iso, settingsOf } from './answers.ts';
import { setting } from './default-settings.ts';
import { type Call, RECORDING_TYPES } from './state.ts';

/** The first who comes begins a session, and with it what is recorded by itself. */
export function join(api: Api, call: Call, userId: string): void {
  const session = activeSession(call);
  if (session !== undefined) {
    session.participants = [...new Set([...session.participants, userId])];
    return;
  }
  call.session = {
    id: randomUUID(),
    startedAt: api.clock.now(),
    endedAt: undefined,
    participants: [userId],
  };
  emit(api, 'started', call, call.session.id);
  const settings = settingsOf(api.state, call);
  if (setting(settings, 'raw_recording', 'mode') !== 'auto-on' || isEncrypted(api, call)) return;
  api.recorder.start(call, 'raw', api.state.callTypes.get(call.type)?.externalStorage);
}

/** When the last has gone, the session ends after a while, and with it what is recorded. */
export function leave(api: Api, call: Call, userId: string): void {
  const session = activeSession(call);
  if (session === undefined) return;
  session.participants = session.participants.filter((other) => other !== userId);
  if (session.participants.length > 0) return;
  const seconds = Number(setting(settingsOf(api.state, call), 'session', 'inactivity_timeout_seconds'));
  api.clock.after(seconds * 1000, () => {
    if (session.participants.length > 0 || session.endedAt !== undefined) return;
    session.endedAt = api.clock.now();
    for (const type of RECORDING_TYPES) api.recorder.stop(call, type);
    emit(api, 'ended', call, session.id);
  });
}

function emit(api: Api, what: 'started' | 'ended', call: Call, sessionId: string): void {
  api.emit({
    type: `call.session_${what}`,
    call_cid: cidOf(call),
    created_at: iso(api.clock.now()),
    session_id: sessionId,
    call: callResponse(api.state, call),
  });
}

export const isEncrypted = ({ state }: Api, call: Call): boolean =>
  setting(settingsOf(state, call), 'encryption', 'mode') === 'auto-on';
