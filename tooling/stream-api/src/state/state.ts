import type { CallSettings } from '../requests/settings.ts';
import type { App } from './app.ts';
import { type Settings, settingsWith } from './default-settings.ts';

export const RECORDING_TYPES = ['composite', 'individual', 'raw'] as const;
export type RecordingType = (typeof RECORDING_TYPES)[number];

export interface CallType {
  readonly name: string;
  readonly createdAt: number;
  updatedAt: number;
  settings: Settings;
  /** Capabilities of each role. */
  grants: Readonly<Record<string, readonly string[]>>;
  externalStorage: string | undefined;
}

export interface Call {
  readonly type: string;
  readonly id: string;
  createdAt: number;
  readonly createdById: string;
  updatedAt: number;
  /** When it was ended for good. */
  endedAt: number | undefined;
  /** Its latest; none while nobody has joined. */
  session: Session | undefined;
  backstage: boolean;
  startsAt: string | undefined;
  readonly team: string | undefined;
  readonly memberIds: readonly string[];
  custom: Readonly<Record<string, unknown>>;
  /** The sections that this call has of its own. */
  override: CallSettings;
  /** In the order in which they were started. */
  readonly recordings: Recording[];
}

/** Active until it has ended, which it does when nobody has been in it for a while. */
export interface Session {
  readonly id: string;
  readonly startedAt: number;
  endedAt: number | undefined;
  /** Ids of users that are in the call. */
  participants: readonly string[];
}

export interface Recording {
  readonly type: RecordingType;
  readonly egressId: string;
  readonly sessionId: string;
  readonly filename: string;
  readonly startedAt: number;
  stoppedAt: number | undefined;
  /** `failed` and `ready` are ends; only what is ready is listed. */
  phase: 'starting' | 'running' | 'processing' | 'ready' | 'failed';
  readonly externalStorage: string | undefined;
}

export interface ExternalStorage {
  readonly name: string;
  type: 's3' | 'gcs' | 'abs';
  bucket: string;
  path: string;
}

export interface State {
  /** By `type:id`. */
  readonly calls: Map<string, Call>;
  readonly callTypes: Map<string, CallType>;
  readonly externalStorages: Map<string, ExternalStorage>;
  readonly app: App;
}

/** What a test may look at: as it is now, not as a client was told. */
export interface StateView {
  readonly calls: ReadonlyMap<string, Readonly<Call>>;
  readonly callTypes: ReadonlyMap<string, Readonly<CallType>>;
  readonly externalStorages: ReadonlyMap<string, Readonly<ExternalStorage>>;
  readonly app: Readonly<App>;
}

/** A new app: the four call types that Stream makes itself. https://getstream.io/video/docs/api/call_types/builtin/ */
export function newState(now: number, app: App): State {
  const callTypes = [
    newCallType('default', now),
    newCallType('audio_room', now, { backstage: { enabled: true }, video: { enabled: false } }),
    newCallType('livestream', now, { backstage: { enabled: true } }),
    newCallType('development', now),
  ];
  return {
    calls: new Map(),
    callTypes: new Map(callTypes.map((callType) => [callType.name, callType])),
    externalStorages: new Map(),
    app,
  };
}

export function newCallType(name: string, now: number, settings: CallSettings = {}): CallType {
  return {
    name,
    createdAt: now,
    updatedAt: now,
    settings: settingsWith(settings),
    grants: {
      admin: [
        'create-call',
        'join-call',
        'read-call',
        'start-record-call',
        'stop-record-call',
        'update-call',
      ],
      user: ['create-call', 'join-call', 'read-call'],
    },
    externalStorage: undefined,
  };
}
