/** Where events go, as the API was told, with the fields that it was told. */
export interface Hook {
  readonly fields: Readonly<Record<string, unknown>>;
  readonly createdAt: number;
  readonly updatedAt: number;
}

export interface App {
  /** False: it has one webhook, in the old way. */
  readonly hasHooks: boolean;
  readonly webhookUrl: string | undefined;
  readonly masksSecrets: boolean;
  hooks: readonly Hook[];
  /** Whether payloads are compressed. */
  isPacked: boolean;
}

/** What gets an event: enabled, and told of this type or of all. */
export function hooksFor(app: App, type: string): readonly Hook['fields'][] {
  if (!app.hasHooks)
    return app.webhookUrl === undefined ? [] : [{ hook_type: 'webhook', webhook_url: app.webhookUrl }];
  return app.hooks
    .map(({ fields }) => fields)
    .filter(({ enabled, event_types: types }) => {
      const wanted = (types ?? []) as readonly string[];
      return enabled !== false && (wanted.length === 0 || wanted.includes(type));
    });
}
