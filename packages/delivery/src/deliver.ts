import type { Plan, PlanRequest, ProgressEvent, Report, RunOptions } from '@rawreel/processor';
import type { TransferProgress } from '@rawreel/storage';
import { openDestination } from './open-destination.ts';
import { openInput, type Source } from './open-input.ts';
import { type Doors, type OpenedRecording, PACKAGES } from './packages.ts';

/** What is to be made of a recording, and where it goes: a plain value, but where a function plans. */
export interface Order
  extends Source,
    Pick<
      RunOptions,
      'madeBy' | 'resume' | 'overwrite' | 'verify' | 'workers' | 'maxOutputBytes' | 'ffmpegPath'
    > {
  /** A folder, or `s3://bucket/prefix`. */
  readonly output: string;
  /** What to make, or who says so once the recording is open. */
  readonly plan: PlanRequest | ((recording: OpenedRecording) => Plan | Promise<Plan>);
}

export interface DeliveryEvents {
  readonly signal?: AbortSignal | undefined;
  /** What the network does, from the opening of the recording on. */
  readonly onTransfer?: ((event: TransferProgress) => void) | undefined;
  /** Before anything is made, which waits for it. */
  readonly onPlan?: ((plan: Plan) => void | Promise<void>) | undefined;
  readonly onProgress?: ((event: ProgressEvent) => void) | undefined;
  readonly onInspection?: RunOptions['onInspection'];
  /** All is made; what may not be where it belongs yet are the last uploads and the manifest. */
  readonly onMade?: (() => void) | undefined;
}

export interface Delivered {
  readonly report: Report;
  /** What a person calls the place where the files are. */
  readonly destination: string;
  /** Bytes that came over a network; undefined where the recording is of this machine. */
  readonly transferred: number | undefined;
  /** Of the recording as it lies there. */
  readonly byteLength: number;
}

/**
 * Opens a recording, makes files of it, and puts them and what the manifest says of them where they belong. What could not
 * be made or uploaded is in the report.
 *
 * @throws {ArchiveError | StorageError | ProcessorError} where the recording cannot be opened, planned, or nothing be put
 *   there; the signal's reason, or the error that it led to, when aborted, after all unfinished files are gone
 * @throws {DeliveryError} ERR_DESTINATION, ERR_OBJECT_CHANGED
 */
export async function deliver(
  order: Order,
  events: DeliveryEvents = {},
  doors: Doors = PACKAGES,
): Promise<Delivered> {
  const { signal, onTransfer } = events;
  const processor = await doors.processor();
  await using destination = await openDestination(order.output, { remote: order.remote, signal }, doors);
  // Beside the outputs, as there is the room for them; disposed of after the recording, which empties it.
  await using work = await processor.openWorkFolder(destination.folder);
  await using recording = await openInput(order, { signal, onTransfer, spoolFolder: work.path }, doors);
  const plan =
    typeof order.plan === 'function'
      ? await order.plan(recording)
      : processor.planRecording(recording, order.plan);
  await events.onPlan?.(plan);
  const made = await processor.runPlan(plan, {
    output: destination.folder,
    madeBy: order.madeBy,
    signal,
    fetch: recording.fetch,
    resume: order.resume,
    overwrite: order.overwrite,
    filesAt: destination.isElsewhere ? destination.shown : undefined,
    verify: order.verify,
    workers: order.workers,
    maxOutputBytes: order.maxOutputBytes,
    maxEntrySize: order.limits?.maxEntrySize,
    ffmpegPath: order.ffmpegPath,
    onInspection: events.onInspection,
    onProgress: (event) => {
      if (event.type === 'output-finished') destination.onFinished(event.file);
      events.onProgress?.(event);
    },
  });
  events.onMade?.();
  // A run that was broken off may still report what it had: those files are whole, but the work is not.
  if (signal?.aborted && made.failures.length > 0) throw signal.reason;
  return {
    report: await destination.finish(made),
    destination: destination.shown,
    transferred: recording.transferred,
    byteLength: recording.container.byteLength,
  };
}
