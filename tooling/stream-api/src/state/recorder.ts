import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import { cidOf, iso, recordingResponse, running } from './answers.ts';
import type { Call, Recording, RecordingType } from './state.ts';

/** What the webhook tells: the SDK's CallRecording…Event types. */
export interface RecordingEvent {
  readonly type: `call.recording_${'started' | 'stopped' | 'ready' | 'failed'}`;
  readonly call_cid: string;
  readonly created_at: string;
  readonly egress_id: string;
  readonly recording_type: RecordingType;
  readonly call_recording?: ReturnType<typeof recordingResponse>;
}

export interface RecorderOptions {
  readonly clock: Clock;
  /** Between the stop and the file. */
  readonly readyAfterMs: number;
  readonly urlOf: (call: Call, recording: Recording) => string;
  readonly emit: (event: RecordingEvent) => void;
}

const EXTENSION_OF = { composite: 'mp4', individual: 'tar.gz', raw: 'zip' } as const;

/** The life of a recording: running, then in the works, then a file or none. One of each type can run on a call at a time. */
export class Recorder {
  readonly #options: RecorderOptions;
  readonly #doomed = new Set<Recording>();

  constructor(options: RecorderOptions) {
    this.#options = options;
  }

  start(call: Call, type: RecordingType, externalStorage: string | undefined): void {
    const now = this.#options.clock.now();
    const recording: Recording = {
      type,
      egressId: randomUUID(),
      sessionId: call.sessionId,
      filename: `${type}_${call.type}_${call.id}_${now}_${call.recordings.length + 1}.${EXTENSION_OF[type]}`,
      startedAt: now,
      stoppedAt: undefined,
      phase: 'running',
      externalStorage,
    };
    call.recordings.push(recording);
    this.#emit('started', call, recording);
  }

  stop(call: Call, type: RecordingType): void {
    const recording = running(call, type);
    if (recording === undefined) return;
    recording.stoppedAt = this.#options.clock.now();
    recording.phase = 'processing';
    this.#emit('stopped', call, recording);
    this.#options.clock.after(this.#options.readyAfterMs, () => this.#finish(call, recording));
  }

  /** What runs on the call now will end without a file. */
  doom(call: Call): void {
    for (const recording of call.recordings) if (recording.phase === 'running') this.#doomed.add(recording);
  }

  #finish(call: Call, recording: Recording): void {
    const outcome = this.#doomed.has(recording) ? 'failed' : 'ready';
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
      ...(what === 'ready' ? { call_recording: recordingResponse(recording, urlOf(call, recording)) } : {}),
    });
  }
}
