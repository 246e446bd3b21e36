import { randomUUID } from 'node:crypto';
import { ApiError } from '../errors.ts';
import { type UpdateApp, updateApp } from '../requests/hook-bodies.ts';
import { nanoseconds } from '../state/answers.ts';
import type { App, Hook } from '../state/app.ts';
import type { Endpoint } from './endpoint.ts';

const PATH = '/api/v2/app';

export const appEndpoints: readonly Endpoint[] = [
  {
    name: 'GetApp',
    method: 'GET',
    path: PATH,
    answer: ({ state: { app } }) => ({
      app: {
        use_hook_v2: app.hasHooks,
        webhook_url: app.hasHooks ? '' : (app.webhookUrl ?? ''),
        webhook_events: [],
        event_hooks: app.hasHooks ? app.hooks.map((hook) => shown(hook, app)) : [],
      },
    }),
  },
  {
    name: 'UpdateApp',
    method: 'PATCH',
    path: PATH,
    body: updateApp,
    answer({ state: { app }, clock }, { body }) {
      const { event_hooks: hooks, enable_hook_payload_compression: isPacked } = body as UpdateApp;
      if (isPacked !== undefined) app.isPacked = isPacked;
      if (hooks === undefined) return {};
      if (!app.hasHooks) throw refusal('event_hooks cannot be set before the app uses hooks v2');
      const ids = hooks.flatMap(({ id }) => id ?? []);
      if (new Set(ids).size < ids.length) throw refusal('event_hooks has an id twice');
      const now = clock.now();
      // The whole list: a hook that is left out is gone, and one without an id is new.
      app.hooks = hooks.map((hook) => {
        const before = app.hooks.find(({ fields }) => fields['id'] === hook.id);
        const fields = { ...hook, id: hook.id ?? randomUUID() };
        return { fields, createdAt: before?.createdAt ?? now, updatedAt: now };
      });
      return {};
    },
  },
];

const refusal = (message: string) => new ApiError('input', `UpdateApp failed with error: "${message}"`);

/** In full, or with secrets as some APIs show them: which of it is so at Stream is not known. */
function shown({ fields, createdAt, updatedAt }: Hook, { masksSecrets }: App): object {
  const told = Object.entries(fields).map(([name, value]) => [
    name,
    masksSecrets && /secret$|_key$/.test(name) && value !== '' ? '********' : value,
  ]);
  return {
    ...Object.fromEntries(told),
    created_at: nanoseconds(createdAt),
    updated_at: nanoseconds(updatedAt),
  };
}
