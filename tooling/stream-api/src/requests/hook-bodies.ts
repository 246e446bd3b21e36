import * as v from 'valibot';

const text = v.string();
const name = v.pipe(text, v.nonEmpty());
const never = v.optional(v.never());

/** Fields beside these are kept: what the API has of its own is not known to be complete. */
const hook = v.pipe(
  v.looseObject({
    id: v.optional(v.pipe(text, v.uuid())),
    enabled: v.optional(v.boolean()),
    hook_type: v.picklist(['webhook', 'sqs', 'sns', 'pending_message']),
    event_types: v.optional(v.array(text)),
    webhook_url: v.optional(text),
    sqs_queue_url: v.optional(text),
    sns_topic_arn: v.optional(text),
    failover_config: v.optional(
      v.looseObject({
        type: v.literal('gcs'),
        gcs_bucket: name,
        gcs_credentials: name,
        gcs_path: v.optional(text),
      }),
    ),
    created_at: never,
    updated_at: never,
  }),
  v.check(
    (body) => missingIn(body) === undefined,
    ({ input }) => `${missingIn(input)} is a required field`,
  ),
);

const ADDRESS_OF = {
  webhook: 'webhook_url',
  sqs: 'sqs_queue_url',
  sns: 'sns_topic_arn',
  pending_message: undefined,
} as const;

interface Addressed {
  readonly hook_type: keyof typeof ADDRESS_OF;
  readonly webhook_url?: string | undefined;
  readonly sqs_queue_url?: string | undefined;
  readonly sns_topic_arn?: string | undefined;
}

function missingIn(body: Addressed): string | undefined {
  const field = ADDRESS_OF[body.hook_type];
  return field !== undefined && !body[field] ? field : undefined;
}

/** Of what an app can be told, what has to do with events. */
export const updateApp = v.strictObject({
  event_hooks: v.optional(v.array(hook)),
  enable_hook_payload_compression: v.optional(v.boolean()),
});
export type UpdateApp = v.InferOutput<typeof updateApp>;
