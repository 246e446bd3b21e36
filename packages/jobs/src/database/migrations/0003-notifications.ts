import { type Kysely, sql } from 'kysely';

export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`;

  await db.schema
    .createTable('notifications')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('ordinal', 'bigint', (column) => column.generatedAlwaysAsIdentity().unique())
    .addColumn('recording_id', 'uuid', (column) => column.notNull().references('recordings.id'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('occasion', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addColumn('recording', 'jsonb', (column) => column.notNull())
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addUniqueConstraint('notifications_once', ['recording_id', 'kind', 'occasion'])
    .execute();
  await db.schema.createIndex('notifications_by_age').on('notifications').column('created_at').execute();

  await db.schema
    .createTable('endpoints')
    .addColumn('name', 'text', (column) => column.primaryKey())
    .addColumn('kinds', sql`text[]`)
    .addColumn('api_keys', sql`text[]`)
    .addColumn('revision', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'timestamptz', (column) => column.notNull())
    .addColumn('delivered_at', 'timestamptz')
    .addColumn('failing_since', 'timestamptz')
    .addColumn('failed_at', 'timestamptz')
    .addColumn('answer', 'text')
    .addColumn('disabled_at', 'timestamptz')
    .addColumn('disabled_why', 'text')
    .execute();

  await db.schema
    .createTable('deliveries')
    .addColumn('notification_id', 'uuid', (column) =>
      column.notNull().references('notifications.id').onDelete('cascade'),
    )
    .addColumn('endpoint', 'text', (column) =>
      column.notNull().references('endpoints.name').onDelete('cascade'),
    )
    .addColumn('attempts', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('next_at', 'timestamptz')
    .addColumn('tried_at', 'timestamptz')
    .addColumn('answer', 'text')
    .addColumn('delivered_at', 'timestamptz')
    .addPrimaryKeyConstraint('deliveries_once', ['notification_id', 'endpoint'])
    .execute();
  await db.schema
    .createIndex('deliveries_by_time')
    .on('deliveries')
    .columns(['endpoint', 'next_at'])
    .where(sql.ref('delivered_at'), 'is', null)
    .execute();

  // Which attempt an end is of, was not derived before: without it, every old recording that is touched again would be news.
  await sql`update ${sql.table('recordings')}
    set derived = jsonb_set(derived, '{endedBy}', to_jsonb(attempt))
    where state in ('done', 'failed') and attempt > 0 and derived is not null`.execute(db);
}
