/**
 * Where bytes go. Synchronous sinks return nothing and cost no turn of the event loop.
 * The bytes are lent: they may be overwritten once the call returned, or once its promise settled.
 */
export interface ByteSink {
  /** Appends. */
  write(bytes: Uint8Array): void | Promise<void>;
  /** Overwrites bytes written before; absent where the output can only be appended to. */
  writeAt?(position: number, bytes: Uint8Array): void | Promise<void>;
}
