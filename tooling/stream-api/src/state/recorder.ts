import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { cidOf, iso, recordingInEvent, underWay } from './answers.ts';
import type { SeedRecording } from './seed-recording.ts';
import type { Call, Recording, RecordingType } from './state.ts';

/** What the webhook tells: the SDK's CallRecording…Event types. */
export interface RecordingEvent {
  readonly type: `call.recording_${'started' | 'stopped' | 'ready' | 'failed'}`;
  readonly call_cid: string;
  readonly created_at: string;
  readonly egress_id: string;
  readonly recording_type: RecordingType;
  readonly call_recording?: ReturnType<typeof recordingInEvent>;
}

export interface RecorderOptions {
  readonly clock: Clock;
  /** From the start until it runs. */
  readonly startsAfterMs: number;
  /** Between the stop and the file. */
  readonly readyAfterMs: number;
  readonly urlOf: (call: Call, recording: Recording) => string;
  readonly emit: (event: RecordingEvent) => void;
}

const EXTENSION_OF = { composite: 'mp4', individual: 'mkv', raw: 'zip' } as const;

/** The life of a recording: starting, running, then in the works, then a file or none. One of each type can run on a call at a time. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #doomed = new Set<Recording>();
  #dooming = false;

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  start(call: Call, type: RecordingType, externalStorage: string | undefined): void {
    const { clock, startsAfterMs } = this.#options;
    const now = clock.now();
    const recording: Recording = {
      type,
      egressId: randomUUID(),
      sessionId: call.session?.id ?? '',
      filename: filenameOf(call, type, now),
      startedAt: now,
      stoppedAt: undefined,
      phase: startsAfterMs > 0 ? 'starting' : 'running',
      externalStorage,
    };
    call.recordings.push(recording);
    if (this.#dooming) this.#doomed.add(recording);
    if (startsAfterMs === 0) this.#emit('started', call, recording);
    else clock.after(startsAfterMs, () => this.#run(call, recording));
  }

  #run(call: Call, recording: Recording): void {
    if (recording.phase !== 'starting') return;
    recording.phase = 'running';
    this.#emit('started', call, recording);
  }

  /** What is not running stays so. */
  stop(call: Call, type: RecordingType): void {
    const recording = underWay(call, type);
    if (recording === undefined) return;
    recording.stoppedAt = this.#options.clock.now();
    recording.phase = 'processing';
    if (this.#dooming) this.#doomed.add(recording);
    this.#emit('stopped', call, recording);
    this.#options.clock.after(this.#options.readyAfterMs, () => this.#finish(call, recording));
  }

  /** What `work` starts or stops ends without a file. */
  dooming<Result>(work: () => Result): Result {
    this.#dooming = true;
    try {
      return work();
    } finally {
      this.#dooming = false;
    }
  }

  /** A recording from before anybody listened: no event tells of it. */
  plant(call: Call, { type, startedAt, stoppedAt, sessionId, filename }: SeedRecording): void {
    call.recordings.push({
      type,
      egressId: randomUUID(),
      sessionId: sessionId ?? call.session?.id ?? randomUUID(),
      filename: filename ?? filenameOf(call, type, startedAt.getTime()),
      startedAt: startedAt.getTime(),
      stoppedAt: stoppedAt.getTime(),
      phase: 'ready',
      externalStorage: undefined,
    });
  }

  #finish(call: Call, recording: Recording): void {
    const outcome = this.#doomed.delete(recording) ? 'failed' : 'ready';
    recording.phase = outcome;
    this.#emit(outcome, call, recording);
  }

  #emit(what: 'started' | 'stopped' | 'ready' | 'failed', call: Call, recording: Recording): void {
    const { clock, urlOf, emit } = this.#options;
    emit({
      type: `call.recording_${what}`,
      call_cid: cidOf(call),
      created_at: iso(clock.now()),
      egress_id: recording.egressId,
      recording_type: recording.type,
      ...(what === 'ready' ? { call_recording: recordingInEvent(recording, urlOf(call, recording)) } : {}),
    });
  }
}

/** As composite recordings have been seen named, with the type where those have the quality. Unique on a call. */
function filenameOf(call: Call, type: RecordingType, startedAt: number): string {
  const stem = `rec_${call.type}_${call.id}_${type}_`;
  let time = startedAt;
  while (call.recordings.some(({ filename }) => filename === `${stem}${time}.${EXTENSION_OF[type]}`))
    time += 1;
  return `${stem}${time}.${EXTENSION_OF[type]}`;
}
