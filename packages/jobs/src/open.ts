import { hostname } from 'node:os';
import { checkServer } from './database/check-server.ts';
import { connect } from './database/connect.ts';
import { migrate, oneAtATime } from './database/migrate.ts';
import { openEmbedded } from './embedded/server.ts';
import { createLedger } from './ledger/create-ledger.ts';
import type { Ledger } from './ledger/ledger.ts';
import { createNotifications, type Notifications } from './notify/notifications.ts';
import { type Notifier, NotifierLoop, type NotifyOptions } from './notify/notifier.ts';
import type { Place } from './place.ts';
import { startQueue } from './queue/queue.ts';
import type { Handler } from './work/attempt.ts';
import { RETRY_RULES, type RetryRules } from './work/failure-kinds.ts';
import { keepHouse } from './work/housekeeping.ts';
import { type StopOptions, type Worker, WorkerLoop, type WorkOptions } from './work/worker.ts';

export type OpenOptions = Place & {
  /**
   * How long a worker has a recording without being heard of; it renews three times as often. Every process on one database has to
   * have the same. Default: 30 s.
   */
  readonly leaseMs?: number | undefined;
  /** Default: `RETRY_RULES`. */
  readonly retryRules?: Partial<RetryRules> | undefined;
  /** Connections to the database at most, 2 or more. Default: 10. */
  readonly connections?: number | undefined;
  /** What goes wrong beside any call: a connection that broke, a look for work that failed. It is tried again. */
  readonly onError?: ((error: unknown) => void) | undefined;
};

export interface Jobs {
  readonly ledger: Ledger;
  /** Address of the database, with its password: for a process that is started from here. */
  readonly databaseUrl: string;
  /** Begins to process recordings. */
  work(handler: Handler, options?: Partial<WorkOptions>): Worker;
  /**
   * Begins to tell one endpoint what becomes of recordings: of all that comes true once this has resolved, also while no process runs that
   * has the endpoint.
   */
  notify(options: NotifyOptions): Promise<Notifier>;
  readonly notifications: Notifications;
  /** Whether the database answers. */
  isReady(): Promise<boolean>;
  /** Stops workers and notifiers (`options` say how), and leaves the database. */
  close(options?: StopOptions): Promise<void>;
}

const LEASE_MS = 30_000;

/**
 * Opens the ledger of recordings and the queue on it, and makes their tables where they are missing.
 *
 * @throws {JobsError} `ERR_DATABASE`, `ERR_MIGRATION`; with a data folder also `ERR_DATA_FOLDER`, `ERR_EMBEDDED_POSTGRES`
 */
export async function openJobs(options: OpenOptions): Promise<Jobs> {
  const { leaseMs = LEASE_MS, connections = 10, onError = () => undefined } = options;
  const rules = { ...RETRY_RULES, ...options.retryRules };
  const embedded =
    options.dataFolder === undefined ? undefined : await openEmbedded(options.dataFolder, onError);
  const databaseUrl = embedded?.databaseUrl ?? options.databaseUrl ?? '';
  const connection = connect(databaseUrl, { connections: Math.max(2, connections), onError });
  const leave = async (): Promise<void> => {
    await connection.close();
    await embedded?.leave();
  };
  const { db } = connection;
  try {
    await checkServer(connection, databaseUrl);
    const queue = await oneAtATime(db, async () => {
      await migrate(db);
      return await startQueue(connection, onError);
    });
    const workers = new Set<WorkerLoop>();
    const notifiers = new Set<Notifier>();
    const onWork = (): void => {
      for (const worker of workers) worker.wake();
    };
    const housekeeping = keepHouse({ db, queue, rules, leaseMs, onError, onWork });
    let closing: Promise<void> | undefined;
    return {
      ledger: createLedger(db, queue),
      databaseUrl,
      work(handler, { name = hostname(), concurrency = 1, ...more } = {}) {
        const house = { db, queue, rules, leaseMs, onError };
        const worker = new WorkerLoop(house, handler, { name, concurrency, ...more });
        workers.add(worker);
        return worker;
      },
      async notify(options) {
        const notifier = await NotifierLoop.start(db, options, onError);
        notifiers.add(notifier);
        return notifier;
      },
      notifications: createNotifications(db),
      isReady: () =>
        connection.executeSql('select 1').then(
          () => true,
          () => false,
        ),
      close(stop) {
        closing ??= (async () => {
          await Promise.all([...workers, ...notifiers].map((each) => each.stop(stop)));
          await housekeeping.stop();
          await queue.stop();
          await leave();
        })();
        return closing;
      },
    };
  } catch (error) {
    await leave().catch(onError);
    throw error;
  }
}
