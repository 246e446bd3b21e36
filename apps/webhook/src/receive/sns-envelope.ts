import * as v from 'valibot';
import { MAX_ID_LENGTH, MAX_URL_LENGTH } from './limits.ts';

export const SNS_TYPES = ['Notification', 'SubscriptionConfirmation', 'UnsubscribeConfirmation'] as const;

const short = v.pipe(v.string(), v.nonEmpty(), v.maxLength(MAX_ID_LENGTH));
const link = v.pipe(v.string(), v.maxLength(MAX_URL_LENGTH));

/** https://docs.aws.amazon.com/sns/latest/dg/sns-message-and-json-formats.html */
const schema = v.object({
  Type: v.picklist(SNS_TYPES),
  MessageId: short,
  TopicArn: short,
  Subject: v.nullish(v.string()),
  Message: v.string(),
  Timestamp: short,
  Token: v.nullish(v.pipe(v.string(), v.maxLength(MAX_URL_LENGTH))),
  SubscribeURL: v.nullish(link),
  SignatureVersion: v.picklist(['1', '2']),
  Signature: v.pipe(v.string(), v.maxLength(MAX_URL_LENGTH)),
  SigningCertURL: link,
});

export type SnsEnvelope = v.InferOutput<typeof schema>;

/** In a queue nothing but the message is needed: who may send to it is said by its policy. */
const queuedSchema = v.pick(schema, ['Type', 'Message']);

/** What SNS wraps a message in; undefined where it is something else, such as a message that was delivered raw. */
export const snsEnvelope = (text: string): SnsEnvelope | undefined => parse(schema, text);

export const queuedEnvelope = (text: string): v.InferOutput<typeof queuedSchema> | undefined =>
  parse(queuedSchema, text);

function parse<T extends v.GenericSchema>(shape: T, text: string): v.InferOutput<T> | undefined {
  try {
    const { success, output } = v.safeParse(shape, JSON.parse(text));
    return success ? output : undefined;
  } catch {
    return undefined;
  }
}
