import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type HookDestination, withoutHookSecrets } from '../../src/index.ts';
import { standIn } from '../builders/stand-in.ts';

const HERE: HookDestination = { type: 'webhook', url: 'https://calls.example/webhooks/stream' };
const TYPES = ['call.recording_ready', 'call.recording_failed'];
type Seeds = NonNullable<NonNullable<Parameters<typeof standIn>[0]>['api']>['seed'];
type Hooks = NonNullable<NonNullable<Seeds>['eventHooks']>;

const hooked = (eventHooks: Hooks, options: { masksSecrets?: boolean; isOldApp?: boolean } = {}) =>
  standIn({
    api: { ...options, seed: { eventHooks } },
    control: { retry: { attempts: 2, withinMs: 60_000 } },
  });

const fieldsOf = ({ api }: Awaited<ReturnType<typeof standIn>>) =>
  api.state.app.hooks.map(({ fields }) => fields);

test.each([
  [HERE, { webhook_url: HERE.url }],
  [
    { type: 'sqs', queueUrl: 'https://q.example/1/q', region: 'eu-central-1' },
    { sqs_queue_url: 'https://q.example/1/q', sqs_region: 'eu-central-1', sqs_auth_type: 'resource' },
  ],
  [
    { type: 'sns', topicArn: 'arn:aws:sns:eu-central-1:1:t', region: 'eu-central-1' },
    { sns_topic_arn: 'arn:aws:sns:eu-central-1:1:t', sns_region: 'eu-central-1', sns_auth_type: 'resource' },
  ],
] as const satisfies [HookDestination, object][])(
  '%o is registered once, and unregistered',
  async (destination, fields) => {
    const world = await hooked([]);
    const { eventHooks } = world.control;
    const added = await eventHooks.register(destination, { eventTypes: TYPES });
    expect(added).toMatchObject({ state: 'added', outcome: 'written' });
    const hook = { enabled: true, hook_type: destination.type, event_types: TYPES, ...fields };
    expect(fieldsOf(world)).toEqual([{ id: expect.any(String), ...hook }]);
    expect(await eventHooks.register(destination, { eventTypes: TYPES })).toMatchObject({
      outcome: 'unchanged',
    });
    expect(world.sent('UpdateApp')).toHaveLength(1);
    expect(await eventHooks.unregister(destination)).toMatchObject({ state: 'removed', outcome: 'written' });
    expect(await eventHooks.unregister(destination)).toMatchObject({ outcome: 'unchanged' });
    expect(fieldsOf(world)).toEqual([]);
  },
);

test('a hook that is there is switched on and gets what it lacks; one that sends everything is left alone', async () => {
  const mine = { hook_type: 'webhook', webhook_url: HERE.url, colour: 'red' } as const;
  const world = await hooked([{ ...mine, enabled: false, event_types: ['call.ended'], timeout_ms: 3000 }]);
  const changed = await world.control.eventHooks.register(HERE, { eventTypes: TYPES });
  expect(changed).toMatchObject({ state: 'changed', outcome: 'written' });
  expect(fieldsOf(world)).toMatchObject([
    { ...mine, enabled: true, timeout_ms: 3000, event_types: ['call.ended', ...TYPES] },
  ]);
  const all = await hooked([{ ...mine, event_types: [] }]);
  expect(await all.control.eventHooks.register(HERE, { eventTypes: TYPES })).toMatchObject({
    outcome: 'unchanged',
  });
});

const words = fc.string({ minLength: 1, maxLength: 12 }).filter((text) => !text.includes('***'));
const foreign = fc
  .tuple(
    fc.constantFrom(
      { hook_type: 'webhook', webhook_url: 'https://other.example/?token=t' } as const,
      {
        hook_type: 'sqs',
        sqs_queue_url: 'https://q.example/1/other',
        sqs_auth_type: 'keys',
        sqs_key: 'k',
        sqs_secret: 's',
      } as const,
      {
        hook_type: 'sns',
        sns_topic_arn: 'arn:aws:sns:eu-central-1:1:other',
        sns_auth_type: 'role',
        sns_secret: '',
      } as const,
      {
        hook_type: 'pending_message',
        callback: { mode: 'CALLBACK_MODE_REST', server_url: 'https://c.example' },
      } as const,
      {
        hook_type: 'webhook',
        webhook_url: 'https://other.example/2',
        failover_config: { type: 'gcs', gcs_bucket: 'b', gcs_credentials: '{"private_key":"p"}' },
      } as const,
    ),
    fc.record(
      { enabled: fc.boolean(), event_types: fc.array(words, { maxLength: 3 }) },
      { requiredKeys: [] },
    ),
    fc.dictionary(
      fc.stringMatching(/^new_[a-z]{1,8}$/),
      fc.oneof(words, fc.integer(), fc.boolean(), fc.constant(null)),
    ),
  )
  .map(([hook, common, unknown]) => ({ ...unknown, ...hook, ...common }));

test('whatever other hooks there are, they are field for field what they were after registering and unregistering', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(foreign, { maxLength: 5 }), async (hooks) => {
      const world = await hooked(hooks);
      const before = fieldsOf(world);
      await world.control.eventHooks.register(HERE, { eventTypes: TYPES });
      expect(fieldsOf(world).slice(0, -1)).toEqual(before);
      await world.control.eventHooks.unregister(HERE);
      expect(fieldsOf(world)).toEqual(before);
      await world.api.stop();
    }),
    { numRuns: 40 },
  );
});

const KEYS = { hook_type: 'sqs', sqs_queue_url: 'https://q.example/1/q', sqs_auth_type: 'keys' } as const;

test.each([
  ['sqs_secret is masked', { ...KEYS, sqs_key: 'k', sqs_secret: '****' }],
  ['sqs_key is masked', { ...KEYS, sqs_key: 'AKIA***********QRST', sqs_secret: 's' }],
  ['sqs_secret is empty', { ...KEYS, sqs_key: 'k', sqs_secret: '' }],
  ['sqs_key is empty', KEYS],
  ['header.value is masked', { hook_type: 'pending_message', header: { value: '<redacted>' } }],
] as const)('a hook that would be lost keeps everything as it is: %s', async (why, hook) => {
  const world = await hooked([hook]);
  await expect(world.control.eventHooks.register(HERE)).rejects.toMatchObject({
    code: 'ERR_HOOKS_UNSURE',
    message: expect.stringContaining(`(${why}): nothing was changed`),
  });
  expect(world.sent('UpdateApp')).toEqual([]);
});

test('an app that masks secrets, and one of the old way, are left alone', async () => {
  const masking = await hooked([{ ...KEYS, sqs_key: 'k', sqs_secret: 's' }], { masksSecrets: true });
  await expect(masking.control.eventHooks.unregister({ ...HERE })).resolves.toMatchObject({
    outcome: 'unchanged',
  });
  await expect(masking.control.eventHooks.register(HERE)).rejects.toMatchObject({ code: 'ERR_HOOKS_UNSURE' });
  const old = await standIn({ api: { isOldApp: true, webhookUrl: 'https://old.example/' } });
  await expect(old.control.eventHooks.register(HERE)).rejects.toMatchObject({ code: 'ERR_HOOKS_UNSURE' });
  expect(await old.control.eventHooks.read()).toEqual({
    hooks: [],
    hasList: false,
    webhookUrl: 'https://old.example/',
  });
  expect([...masking.sent('UpdateApp'), ...old.sent('UpdateApp')]).toEqual([]);
});

test('what is not agreed to is not written; what others write meanwhile is seen before', async () => {
  const world = await hooked([]);
  const { eventHooks } = world.control;
  expect(await eventHooks.register(HERE, { agree: async () => false })).toMatchObject({ outcome: 'left' });
  const other: HookDestination = { type: 'webhook', url: 'https://other.example/' };
  const beaten = eventHooks.register(HERE, {
    async agree({ state, after }) {
      expect([state, after.length]).toEqual(['added', 1]);
      await eventHooks.register(other);
      return true;
    },
  });
  await expect(beaten).rejects.toMatchObject({ code: 'ERR_HOOKS_CHANGED' });
  expect(fieldsOf(world)).toMatchObject([{ webhook_url: other.url }]);
});

test('a write whose answer is lost is not made twice', async () => {
  const world = await hooked([]);
  world.api.fault({ operation: 'UpdateApp', fault: { kind: 'reset', effect: 'done' } });
  expect(await world.control.eventHooks.register(HERE)).toMatchObject({ outcome: 'written' });
  expect(fieldsOf(world)).toHaveLength(1);
  expect(world.sent('UpdateApp')).toHaveLength(1);
});

test('what people are shown of a hook opens nothing', () => {
  expect(
    withoutHookSecrets({
      webhook_url: 'https://u:p@a.example/x?token=hush',
      sqs_secret: 'hush',
      sns_key: '',
      timeout_ms: 1,
      failover_config: { gcs_credentials: 'hush', gcs_bucket: 'b' },
    }),
  ).toEqual({
    webhook_url: 'https://…@a.example/x?…',
    sqs_secret: '…',
    sns_key: '',
    timeout_ms: 1,
    failover_config: { gcs_credentials: '…', gcs_bucket: 'b' },
  });
});
