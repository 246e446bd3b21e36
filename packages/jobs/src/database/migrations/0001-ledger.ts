import { type Kysely, sql } from 'kysely';

/** Keys are digests: names can be longer than an index takes. */
export async function up(db: Kysely<unknown>): Promise<void> {
  const now = sql`now()`;

  await db.schema
    .createTable('events')
    .addColumn('id', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    .addColumn('api_key', 'text', (column) => column.notNull())
    .addColumn('identity_key', 'text', (column) => column.notNull().unique())
    .addColumn('type', 'text', (column) => column.notNull())
    .addColumn('received_at', 'timestamptz', (column) => column.notNull())
    .addColumn('source_by', 'text', (column) => column.notNull())
    .addColumn('source_id', 'text')
    // Not jsonb, which refuses \u0000: what was received is kept as it was.
    .addColumn('body', 'json', (column) => column.notNull())
    .execute();

  await db.schema
    .createTable('recordings')
    .addColumn('id', 'uuid', (column) => column.primaryKey())
    .addColumn('ordinal', 'bigint', (column) => column.generatedAlwaysAsIdentity().unique())
    .addColumn('api_key', 'text', (column) => column.notNull())
    .addColumn('call_cid', 'text', (column) => column.notNull())
    .addColumn('call_key', 'text', (column) => column.notNull())
    .addColumn('egress_id', 'text')
    .addColumn('egress_key', 'text', (column) => column.unique())
    .addColumn('session_id', 'text')
    .addColumn('filename', 'text')
    .addColumn('file_key', 'text', (column) => column.unique())
    .addColumn('same_as', 'uuid', (column) => column.references('recordings.id'))
    .addColumn('is_inferred', 'boolean', (column) => column.notNull().defaultTo(false))
    .addColumn('job_id', 'uuid')
    .addColumn('dead_letter_id', 'uuid')
    .addColumn('created_at', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('state', 'text', (column) => column.notNull().defaultTo('recording'))
    .addColumn('since', 'timestamptz', (column) => column.notNull().defaultTo(now))
    .addColumn('attempt', 'integer', (column) => column.notNull().defaultTo(0))
    .addColumn('begins_at', 'timestamptz')
    .addColumn('ends_at', 'timestamptz')
    .addColumn('expires_at', 'timestamptz')
    .addColumn('size_bytes', 'bigint')
    .addColumn('derived', 'jsonb')
    .execute();

  await db.schema
    .createIndex('recordings_by_state')
    .on('recordings')
    .columns(['state', 'ordinal'])
    .where(sql.ref('same_as'), 'is', null)
    .execute();
  await db.schema
    .createIndex('recordings_by_call')
    .on('recordings')
    .columns(['call_key', 'ordinal'])
    .execute();
  await db.schema
    .createIndex('recordings_by_expiry')
    .on('recordings')
    .column('expires_at')
    .where(sql.ref('same_as'), 'is', null)
    .where(sql.ref('expires_at'), 'is not', null)
    .execute();
  await db.schema
    .createIndex('recordings_by_twin')
    .on('recordings')
    .column('same_as')
    .where(sql.ref('same_as'), 'is not', null)
    .execute();

  await db.schema
    .createTable('facts')
    .addColumn('id', 'bigint', (column) => column.generatedAlwaysAsIdentity().primaryKey())
    .addColumn('recording_id', 'uuid', (column) => column.notNull().references('recordings.id'))
    .addColumn('identity_key', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addColumn('body', 'jsonb', (column) => column.notNull())
    .addUniqueConstraint('facts_once', ['recording_id', 'identity_key'])
    .execute();

  await db.schema
    .createTable('leases')
    .addColumn('recording_id', 'uuid', (column) => column.primaryKey().references('recordings.id'))
    .addColumn('attempt', 'integer', (column) => column.notNull())
    .addColumn('worker', 'text', (column) => column.notNull())
    .addColumn('job_id', 'uuid', (column) => column.notNull())
    .addColumn('job_claim', 'integer', (column) => column.notNull())
    .addColumn('held_until', 'timestamptz', (column) => column.notNull())
    .execute();
  await db.schema.createIndex('leases_by_end').on('leases').column('held_until').execute();

  await db.schema
    .createTable('holds')
    .addColumn('recording_id', 'uuid', (column) => column.notNull().references('recordings.id'))
    .addColumn('worker', 'text', (column) => column.notNull())
    .addColumn('why', 'text', (column) => column.notNull())
    .addColumn('at', 'timestamptz', (column) => column.notNull())
    .addPrimaryKeyConstraint('holds_once', ['recording_id', 'worker'])
    .execute();
}
