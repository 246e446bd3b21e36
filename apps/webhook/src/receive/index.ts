export type { Delivery, ReceivedEvent } from './event.ts';
export { factsOf } from './facts-of.ts';
export { readFailoverFile } from './failover-file.ts';
export type { RecordingEvent } from './recording-event.ts';
export { isRefusal, REFUSALS, type Refusal, type RefusalCode } from './refusal.ts';
export { receiveSqsMessage } from './sqs-message.ts';
export {
  readClaim,
  receiveWebhook,
  type SecretsOf,
  verifyBody,
  type WebhookClaim,
  type WebhookHeaders,
} from './webhook.ts';
