import type { Address } from './address.ts';
import { describeAddress, parseAddress } from './address.ts';
import { aborted } from './failures/judge.ts';
import { type Entry, enterEntry, findEntry, withOpeningLock } from './mirror/entry.ts';
import { Mirror } from './mirror/mirror.ts';
import { objectKey } from './mirror/object-key.ts';
import { MirroredObject } from './mirrored-object.ts';
import type { RemoteObject, RemoteObjectOptions, TransferProgress } from './remote-object.ts';
import { BadAnswer, type Identity, isVerifiable } from './transfer/answer.ts';
import { type Answer, Connection } from './transfer/connection.ts';
import { openHttpsReader } from './transfer/https-reader.ts';
import { type RangeReader, Refusal } from './transfer/range-reader.ts';
import { receiveWhole } from './transfer/receive-whole.ts';
import { PATIENT } from './transfer/retry.ts';
import { openS3Reader } from './transfer/s3-reader.ts';
import { PARTS_AT_ONCE, Transfer } from './transfer/transfer.ts';

/** Asked for first: it says what the object is, and a ZIP's or tar's beginning is read in any case. */
const FIRST = 64 * 1024;
const STALL_MS = 30_000;

/**
 * Opens an object in S3 or behind a URL. What is read of it is mirrored in the cache, and read from there the next time
 * if the server says that it is still the same.
 *
 * @throws {StorageError} each code except ERR_UPLOAD_FAILED
 */
export async function openRemoteObject(text: string, options: RemoteObjectOptions): Promise<RemoteObject> {
  const address = parseAddress(text);
  const ending = new AbortController();
  const signal =
    options.signal === undefined ? ending.signal : AbortSignal.any([options.signal, ending.signal]);
  if (signal.aborted) throw aborted(address, signal);
  const connection = new Connection({
    address,
    reader: await openReader(address, options),
    stallMs: options.stallMs ?? STALL_MS,
    retry: options.retry ?? PATIENT,
    onRetry: (event) => options.onProgress?.(event),
  });
  const opening = new Opening(address, connection, signal, options);
  try {
    return await opening.open(ending);
  } catch (error) {
    await opening.undo();
    throw error;
  }
}

function openReader(address: Address, options: RemoteObjectOptions): Promise<RangeReader> {
  return address.scheme === 's3'
    ? openS3Reader(address, options.s3 ?? {})
    : openHttpsReader(address.url, PARTS_AT_ONCE);
}

/** The steps from an address to its mirror, and how to go back. */
class Opening {
  readonly #address: Address;
  readonly #connection: Connection;
  readonly #signal: AbortSignal;
  readonly #options: RemoteObjectOptions;
  readonly #key: string;
  /** What is to be closed, last first. */
  readonly #open: (() => Promise<void>)[] = [];

  constructor(address: Address, connection: Connection, signal: AbortSignal, options: RemoteObjectOptions) {
    this.#address = address;
    this.#connection = connection;
    this.#signal = signal;
    this.#options = options;
    this.#key = objectKey(address, options.s3?.endpoint ?? endpointOfEnvironment());
    this.#open.push(() => connection.close());
  }

  open(ending: AbortController): Promise<RemoteObject> {
    const waiting = {
      signal: this.#signal,
      onWaiting: () => this.#report({ type: 'waiting' }),
      onAbort: () => aborted(this.#address, this.#signal),
    };
    return withOpeningLock(this.#options.cacheFolder, this.#key, waiting, async () => {
      const known = this.#isKept ? await findEntry(this.#options.cacheFolder, this.#key) : undefined;
      const answer = await this.#ask(known);
      this.#open.push(async () => {
        answer.body.destroy();
      });
      const { mirror, identity, entry } = await this.#mirrorOf(answer, known);
      const transfer = this.#transferInto(mirror, identity, entry);
      this.#open.push(async () => {
        ending.abort();
        await transfer.idle();
      });
      const first = { from: 0, to: Math.min(FIRST, identity.byteLength) };
      if (answer.contents !== undefined) await transfer.ensure(first, undefined, answer);
      return new MirroredObject({
        description: describeAddress(this.#address),
        mirror,
        identity,
        transfer,
        connection: this.#connection,
        close: () => this.undo(),
      });
    });
  }

  async undo(): Promise<void> {
    for (let close = this.#open.pop(); close !== undefined; close = this.#open.pop()) await close();
  }

  get #isKept(): boolean {
    return this.#options.keep !== false;
  }

  #report(event: TransferProgress): void {
    this.#options.onProgress?.(event);
  }

  #ask(known: Identity | undefined): Promise<Answer> {
    const signal = this.#signal;
    const whole = { from: 0, to: Number.POSITIVE_INFINITY, signal };
    // Not by date: there, "not modified since" is also said of another object that is older.
    const first = { from: 0, to: FIRST, unless: known?.etag, signal };
    const ask = async (): Promise<Answer> => {
      try {
        const answer = await this.#connection.ask(first);
        const { contents } = answer;
        if (contents === undefined || contents.isWhole || isVerifiable(contents)) return answer;
        // Nothing says whether a second part would be of the same object: all of it has to come in one answer.
        answer.body.destroy();
      } catch (error) {
        // So an empty object is answered by those who take a range by its word.
        if (!(error instanceof Refusal) || error.status !== 416) throw error;
      }
      return this.#connection.ask(whole);
    };
    return this.#connection.patiently(ask, signal, () => 0);
  }

  async #mirrorOf(
    answer: Answer,
    known: Identity | undefined,
  ): Promise<{ mirror: Mirror; identity: Identity; entry: Entry }> {
    const { contents } = answer;
    if (contents === undefined) {
      if (known === undefined) throw new BadAnswer('it sent nothing');
      return { ...(await this.#enter(known, known.byteLength)), identity: known };
    }
    const { byteLength, etag, lastModified } = contents;
    if (byteLength !== undefined) {
      const identity = { byteLength, etag, lastModified };
      const isKept = this.#isKept && isVerifiable(identity);
      return { ...(await this.#enter(isKept ? identity : 'private', byteLength)), identity };
    }
    this.#report({ type: 'no-ranges' });
    const entered = await this.#enter('private', undefined);
    const onMoved = () => this.#reportMoved(0, 0);
    const end = await receiveWhole(
      { connection: this.#connection, mirror: entered.mirror, folder: entered.entry.folder, onMoved },
      answer,
      this.#signal,
    );
    return { ...entered, identity: { byteLength: end, etag, lastModified } };
  }

  async #enter(
    identity: Identity | 'private',
    byteLength: number | undefined,
  ): Promise<{ mirror: Mirror; entry: Entry }> {
    const { cacheFolder } = this.#options;
    const kind = this.#isKept ? identity : 'private';
    const entry = await enterEntry(cacheFolder, this.#key, describeAddress(this.#address), kind);
    this.#open.push(() => entry.leave());
    const mirror = await Mirror.open(entry.folder, byteLength);
    this.#open.push(() => mirror.close());
    return { mirror, entry };
  }

  #transferInto(mirror: Mirror, identity: Identity, { folder }: Entry): Transfer {
    return new Transfer({
      connection: this.#connection,
      mirror,
      identity,
      folder,
      signal: this.#signal,
      onMoved: (missing) => this.#reportMoved(missing, identity.byteLength),
      onNoRanges: () => this.#report({ type: 'no-ranges' }),
      onWaiting: () => this.#report({ type: 'waiting' }),
    });
  }

  #reportMoved(missing: number, total: number): void {
    const { transferred } = this.#connection;
    this.#report({ type: 'transfer', transferred, wanted: transferred + missing, total });
  }
}

/** As the SDK has it: the same bucket and key behind another endpoint are another object. */
function endpointOfEnvironment(): string | undefined {
  const { AWS_ENDPOINT_URL_S3, AWS_ENDPOINT_URL } = process.env;
  return AWS_ENDPOINT_URL_S3 ?? AWS_ENDPOINT_URL;
}
