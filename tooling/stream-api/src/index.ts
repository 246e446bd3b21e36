export type { Effect, Fault, FaultRule } from './http/faults.ts';
export type { RateLimit } from './http/rate-limit.ts';
export { type SeenRequest, type StreamApi, type StreamApiOptions, startStreamApi } from './server.ts';
export type { App, Hook } from './state/app.ts';
export type { RecordingEvent } from './state/recorder.ts';
export type { Seed, SeedCall } from './state/seed.ts';
export type { SeedRecording } from './state/seed-recording.ts';
export type { SessionEvent } from './state/session-event.ts';
export type {
  Call,
  CallType,
  ExternalStorage,
  Recording,
  RecordingType,
  Session,
  StateView,
} from './state/state.ts';
export type { FailoverFile } from './webhooks/deliveries.ts';
