export type { DatabaseExamination } from './database/examine.ts';
export { JobsError, type JobsErrorCode } from './errors.ts';
export { examineJobs } from './examine.ts';
export {
  ATTEMPT_STAGES,
  type AttemptOutcome,
  type AttemptStage,
  type Fact,
  type FactBody,
  type FactOf,
  type FactSource,
  factIdentity,
  type Outputs,
  type RecordingNames,
} from './ledger/fact.ts';
export type { Ledger, ListFilter, StoredEvent, TakeOutcome } from './ledger/ledger.ts';
export { NOTIFICATION_KINDS, type Notification, type NotificationKind } from './ledger/notification.ts';
export {
  type DerivedRecording,
  END_STATES,
  type Failure,
  RECORDING_STATES,
  type RecordingLink,
  type RecordingState,
  RUNNING_STATES,
  recordingState,
} from './ledger/recording-state.ts';
export type { Backlog, Hold, Lease, RecordingSummary, RecordingWithHistory } from './ledger/view.ts';
export type { Notifications } from './notify/notifications.ts';
export { EndpointGone, type Notifier, type NotifyEvent, type NotifyOptions } from './notify/notifier.ts';
export type { Endpoint } from './notify/queries/list-endpoints.ts';
export type {
  Delivery,
  NotificationFilter,
  NotificationWithDeliveries,
} from './notify/queries/list-notifications.ts';
export { NOTIFY_SCHEDULE, NOTIFY_TRIES } from './notify/retry-schedule.ts';
export { type Jobs, type OpenOptions, openJobs } from './open.ts';
export type { Place } from './place.ts';
export { AttemptOver, type AttemptResult, type Handler, type Job } from './work/attempt.ts';
export type { Admission } from './work/claim.ts';
export {
  AttemptFailure,
  type FailureKind,
  RETRY_RULES,
  type RetryRule,
  type RetryRules,
} from './work/failure-kinds.ts';
export type { StopOptions, Worker, WorkerEvent, WorkOptions } from './work/worker.ts';
