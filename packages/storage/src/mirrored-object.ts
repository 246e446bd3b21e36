import type { Mirror } from './mirror/mirror.ts';
import type { RemoteObject } from './remote-object.ts';
import type { Identity } from './transfer/answer.ts';
import type { Connection } from './transfer/connection.ts';
import type { Transfer } from './transfer/transfer.ts';

interface Parts {
  readonly description: string;
  readonly mirror: Mirror;
  readonly identity: Identity;
  readonly transfer: Transfer;
  readonly connection: Connection;
  readonly close: () => Promise<void>;
}

/** A remote object whose bytes are in a mirror, or on their way there. */
export class MirroredObject implements RemoteObject {
  readonly #parts: Parts;
  #closing: Promise<void> | undefined;

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  get description(): string {
    return this.#parts.description;
  }

  get byteLength(): number {
    return this.#parts.identity.byteLength;
  }

  get path(): string {
    return this.#parts.mirror.path;
  }

  get transferred(): number {
    return this.#parts.connection.transferred;
  }

  ensure(position: number, length: number, signal?: AbortSignal): Promise<void> {
    const from = Math.max(0, position);
    const to = Math.min(position + length, this.byteLength);
    return this.#parts.transfer.ensure({ from, to }, signal);
  }

  async read(position: number, length: number, into?: Uint8Array): Promise<Uint8Array> {
    const wanted = Math.max(0, Math.min(length, this.byteLength - position));
    await this.ensure(position, wanted);
    // Neither from the pool nor cleared: consumers keep views of it, and all of it is read.
    const bytes = into?.subarray(0, wanted) ?? Buffer.allocUnsafeSlow(wanted);
    await this.#parts.mirror.read(bytes, position);
    return bytes;
  }

  close(): Promise<void> {
    this.#closing ??= this.#parts.close();
    return this.#closing;
  }
}
