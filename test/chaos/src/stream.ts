import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createRecordingControl, formatCallRef } from '@rawreel/recording-control';
import { type Recording, type RecordingEvent, type StreamApi, startStreamApi } from '@rawreel/stream-api';
import { writeArchive } from './archives.ts';
import { EVENTS, type EventName, type Script } from './scripts.ts';

/** Of the API's answers to ListRecordings: the service's reconciler has to live with it. */
const BAD_GATEWAYS = 0.03;
const READY_AFTER_MS = 1000;
/** Calls that are recorded at the same time. */
const LANES = 12;

export interface Recorded {
  readonly script: Script;
  readonly archive: string;
  readonly filename: string;
  readonly sessionId: string;
  readonly startedAt: number;
}

/** Stream's side: calls are recorded, and what tells of it goes astray. */
export class Stream {
  readonly api: StreamApi;
  readonly recorded: Recorded[] = [];
  readonly #scripts: readonly Script[];
  readonly #seed: string;
  readonly #folder: string;
  readonly #scriptOfEgress = new Map<string, Script>();
  /** What is recorded of each call now. */
  readonly #current = new Map<string, Script>();
  #lastSendingMs = 0;

  private constructor(
    api: StreamApi,
    scripts: readonly Script[],
    { seed, folder }: { readonly seed: string; readonly folder: string },
  ) {
    this.api = api;
    this.#scripts = scripts;
    this.#seed = seed;
    this.#folder = folder;
  }

  /** @param folder for the archives */
  static async start(
    scripts: readonly Script[],
    options: { readonly seed: string; readonly folder: string; readonly webhookUrl: string },
  ): Promise<Stream> {
    const { seed, folder, webhookUrl } = options;
    const ids = new Set(scripts.map(({ call }) => call.id));
    let stream: Stream;
    const api = await startStreamApi({
      seed: { calls: [...ids].map((id) => ({ type: 'default', id, participants: ['ann'] })) },
      webhookUrl,
      webhookGzip: true,
      webhookTimes: (event) => stream.#timesOf(event),
      archive: (recording) => stream.#archiveOf(recording),
      readyAfterMs: READY_AFTER_MS,
    });
    stream = new Stream(api, scripts, { seed, folder });
    api.fault({
      operation: 'ListRecordings',
      share: BAD_GATEWAYS,
      seed: scripts.length,
      fault: { kind: 'badGateway', effect: 'none' },
    });
    return stream;
  }

  /** Records what the scripts say; `room` is waited for before each recording. */
  async recordAll(room: () => Promise<void>, signal: AbortSignal): Promise<void> {
    const ofCall = Map.groupBy(this.#scripts, ({ call }) => call.id);
    const lanes = Map.groupBy([...ofCall.values()].entries(), ([number]) => number % LANES);
    await Promise.all(
      [...lanes.values()].map(async (calls) => {
        // In the order of the scripts, which goes round the calls.
        const scripts = calls.flatMap(([, ofOne]) => ofOne).sort((one, other) => one.index - other.index);
        for (const script of scripts) {
          await room();
          await this.#record(script, signal);
        }
      }),
    );
  }

  /** When every event has been sent as often as it will be. */
  async quiet(signal: AbortSignal): Promise<void> {
    await sleep(Math.max(0, this.#lastSendingMs - Date.now()), undefined, { signal });
    await this.api.advance(0);
  }

  async #record(script: Script, signal: AbortSignal): Promise<void> {
    const archive = this.#archivePath(script);
    await writeArchive(archive, this.#seed, script);
    const { apiKey, secret, url: baseUrl } = this.api;
    const control = createRecordingControl({ apiKey, secret, baseUrl });
    this.#current.set(formatCallRef(script.call), script);
    await control.start(script.call, { signal });
    await sleep(script.lengthMs, undefined, { signal });
    await control.stop(script.call, { signal });
    const recordings = this.api.state.calls.get(formatCallRef(script.call))?.recordings ?? [];
    const made = recordings.find(({ egressId }) => this.#scriptOfEgress.get(egressId) === script);
    if (made === undefined) throw new Error(`recording ${script.index} was not started`);
    const { filename, sessionId, startedAt } = made;
    this.recorded.push({ script, archive, filename, sessionId, startedAt });
  }

  #timesOf({ type, call_cid, egress_id }: RecordingEvent): readonly number[] {
    const script = this.#scriptOfEgress.get(egress_id) ?? this.#current.get(call_cid);
    if (script === undefined) throw new Error(`an event of ${call_cid}, which nobody records`);
    this.#scriptOfEgress.set(egress_id, script);
    const name = EVENTS.find((each) => type.endsWith(each)) as EventName;
    const times = script.sendings[name];
    this.#lastSendingMs = Math.max(this.#lastSendingMs, Date.now() + Math.max(0, ...times));
    return times;
  }

  #archiveOf({ egressId }: Readonly<Recording>): string {
    const script = this.#scriptOfEgress.get(egressId);
    if (script === undefined) throw new Error(`there is no archive of ${egressId}`);
    return this.#archivePath(script);
  }

  #archivePath({ index }: Script): string {
    return join(this.#folder, `${index}.zip`);
  }
}
