import type { ByteSink } from './byte-sink.ts';
import { BLOCK_OVERHEAD, type Block, ClusterBuffer } from './cluster/cluster-buffer.ts';
import { checkOptions } from './layout/check-options.ts';
import { CueIndex } from './layout/cues.ts';
import { HeaderLayout } from './layout/header.ts';
import { MatroskaError } from './matroska-error.ts';
import type { MatroskaFrame } from './matroska-frame.ts';
import type { MatroskaOptions } from './matroska-options.ts';
import { Interleaver } from './order/interleaver.ts';

/** Readers hold a cluster in memory and seek no finer where there is no cue (RFC 9559 recommends these two bounds). */
const MAX_CLUSTER_MS = 5000;
const MAX_CLUSTER_BYTES = 5 * 1024 * 1024;

/** No encoder makes such a frame; a cluster's size field of four octets could hold twice as much. */
const MAX_FRAME_BYTES = 128 * 1024 * 1024;

/** Almost nine thousand years, so that all sums stay whole numbers. */
const MAX_TIMESTAMP_MS = 2 ** 48;

/** How far a frame may be shown before one that was decoded earlier: players hold no more pictures. */
const MAX_REORDER_MS = 2000;

interface TrackState {
  readonly isVideo: boolean;
  lastMs: number | undefined;
  /** The largest so far. */
  latestMs: number;
  /** This track has had a block in the open cluster. */
  inCluster: boolean;
}

type State = 'ready' | 'pending' | 'finished' | 'failed';

/**
 * Frames → an MKV or WebM file (RFC 9559).
 *
 * With a sink that can overwrite (`writeAt`) the file is seekable: Cues, Duration and sizes are filled in at the end. With one
 * that can only append it is a live-style stream: Segment of unknown size, no Duration, no Cues. Until `finish` both
 * are the same, so what a crash leaves behind plays up to its last whole cluster.
 *
 * The writer is **ready** between calls; **pending** while a sink's promise is open, when every call is refused; **finished**
 * after `finish`; **failed** once a sink threw or rejected, as the bytes after that have no known place. A call
 * refused for its arguments writes nothing and leaves the writer ready.
 *
 * Same input, same bytes: nothing is taken from the clock or from chance.
 */
export class MatroskaWriter {
  readonly #sink: ByteSink;
  readonly #header: HeaderLayout;
  readonly #tracks: readonly TrackState[];
  readonly #hasVideo: boolean;
  readonly #interleaver: Interleaver<Block>;
  readonly #cluster = new ClusterBuffer();
  readonly #cues = new CueIndex();
  #state: State = 'ready';
  #failure: unknown;
  /** Encoded before the first cluster, handed to the sink with it. */
  #headerBytes: Uint8Array | undefined;
  #segmentAt = 0;
  /** Octets handed to the sink, and the header as soon as its length is known. */
  #position = 0;
  #endMs = 0;
  #startAt: number | undefined;

  /** @throws MatroskaError `option-invalid`, `codec-not-in-webm`, `codec-private-missing` */
  constructor(sink: ByteSink, options: MatroskaOptions) {
    checkOptions(options);
    this.#sink = sink;
    this.#header = new HeaderLayout(options, sink.writeAt !== undefined);
    this.#tracks = options.tracks.map((track) => ({
      isVideo: track.kind === 'video',
      lastMs: undefined,
      latestMs: -1,
      inCluster: false,
    }));
    this.#hasVideo = this.#tracks.some((track) => track.isVideo);
    this.#interleaver = new Interleaver(this.#tracks.length);
  }

  /** Octets of the file; complete after `finish`. */
  get byteLength(): number {
    return this.#position;
  }

  /** Where the last frame ends, in ms since the file's zero: the largest timestamp plus its duration where one was given. */
  get durationMs(): number {
    return this.#endMs;
  }

  /**
   * Takes the next frame of a track. Every track's timestamps rise, but for frames that are shown earlier; how tracks follow each other is free within 2 s or 8 MiB,
   * beyond which a late track's frames stand behind later ones of other tracks.
   *
   * @param trackNumber From 1, in the order of `options.tracks`.
   * @returns A promise only where the sink gave one; nothing may be called until it settles.
   * @throws MatroskaError `track-unknown`, `track-closed`, `frame-empty`, `frame-too-large`, `timestamp-invalid`,
   *   `timestamp-not-increasing`, `write-pending`, `writer-finished`, `writer-failed`; whatever the sink throws
   */
  addFrame(trackNumber: number, frame: MatroskaFrame): void | Promise<void> {
    this.#assertReady();
    const block = this.#accept(trackNumber, frame);
    return this.#guard(() => {
      // A file of one track has nothing to wait for, and its frames need not outlive this call.
      if (this.#tracks.length === 1) return this.#write(block);
      this.#interleaver.push(trackNumber - 1, block);
      return this.#drain();
    });
  }

  /** A track has ended: the others no longer wait for it. Returns and throws like `addFrame`. */
  closeTrack(trackNumber: number): void | Promise<void> {
    this.#assertReady();
    this.#trackAt(trackNumber);
    this.#interleaver.close(trackNumber - 1);
    return this.#guard(() => this.#drain());
  }

  /**
   * Position in the file of the DateUTC element, once the first cluster is begun: who learns the start only later writes
   * `dateUtc` there.
   */
  get startPosition(): number | undefined {
    return this.#startAt;
  }

  /**
   * Position in the file behind the bytes of the frame that was written last: in a file of one track, of the frame added
   * last. Who has noted it finds the frame again without parsing the file.
   */
  get frameEnd(): number {
    return this.#position + this.#cluster.frameEnd;
  }

  /**
   * Writes what waits, then Cues and the patches where the sink can take them. Does not close the sink.
   * Throws like `addFrame`.
   */
  finish(): void | Promise<void> {
    this.#assertReady();
    for (const lane of this.#tracks.keys()) this.#interleaver.close(lane);
    return this.#guard(
      () => inOrder(this.#drain(), () => inOrder(this.#flush(), () => this.#complete())),
      'finished',
    );
  }

  #assertReady(): void {
    switch (this.#state) {
      case 'ready':
        return;
      case 'pending':
        throw new MatroskaError(
          'write-pending',
          'the promise of the call before has not settled: await it first',
        );
      case 'finished':
        throw new MatroskaError('writer-finished', 'the file is finished');
      case 'failed':
        throw new MatroskaError('writer-failed', 'the sink failed before: the file is incomplete', {
          cause: this.#failure,
        });
      default:
        this.#state satisfies never;
    }
  }

  /** Runs what may call the sink, and moves the state. */
  #guard(work: () => void | Promise<void>, after: 'ready' | 'finished' = 'ready'): void | Promise<void> {
    try {
      const result = work();
      if (result === undefined) {
        this.#state = after;
        return;
      }
      this.#state = 'pending';
      return result.then(
        () => {
          this.#state = after;
        },
        (error: unknown) => this.#fail(error),
      );
    } catch (error) {
      this.#fail(error);
    }
  }

  #fail(error: unknown): never {
    this.#state = 'failed';
    this.#failure = error;
    throw error;
  }

  #trackAt(trackNumber: number): TrackState {
    const track = this.#tracks[trackNumber - 1];
    if (track !== undefined) return track;
    throw new MatroskaError(
      'track-unknown',
      `there is no track ${trackNumber}, only 1 to ${this.#tracks.length}`,
    );
  }

  /** The one place where times are rounded. */
  #accept(trackNumber: number, frame: MatroskaFrame): Block {
    const track = this.#trackAt(trackNumber);
    if (this.#interleaver.isClosed(trackNumber - 1)) {
      throw new MatroskaError(
        'track-closed',
        `track ${trackNumber} was closed before its frame at ${frame.timestampMs} ms`,
      );
    }
    const byteLength = frameLength(trackNumber, frame);
    const timestampMs = wholeMs(trackNumber, 'timestampMs', frame.timestampMs);
    const { lastMs: previousMs, latestMs } = track;
    const isInTime = frame.shownEarlier
      ? timestampMs < latestMs && timestampMs >= latestMs - MAX_REORDER_MS
      : timestampMs > latestMs;
    if (!isInTime) {
      const shown = frame.shownEarlier ? ', shown earlier,' : '';
      throw new MatroskaError(
        'timestamp-not-increasing',
        `track ${trackNumber} has a frame at ${timestampMs} ms (given as ${frame.timestampMs})${shown} after one at ${latestMs} ms`,
      );
    }
    const durationMs = blockDuration(trackNumber, frame, timestampMs);
    track.lastMs = timestampMs;
    track.latestMs = Math.max(latestMs, timestampMs);
    this.#endMs = Math.max(this.#endMs, timestampMs + (durationMs ?? 0));
    const { keyFrame, chunks } = frame;
    const orderMs = track.latestMs;
    return { trackNumber, timestampMs, orderMs, keyFrame, chunks, byteLength, durationMs, previousMs };
  }

  #drain(): void | Promise<void> {
    for (let block = this.#interleaver.next(); block !== undefined; block = this.#interleaver.next()) {
      const pending = this.#write(block);
      if (pending !== undefined) return pending.then(() => this.#drain());
    }
  }

  #write(block: Block): void | Promise<void> {
    if (this.#fits(block)) return this.#append(block);
    return inOrder(this.#flush(), () => this.#append(block));
  }

  /** A cluster begins with a video key frame, so that seeking there reads nothing in vain; it is bounded in time and size. */
  #fits(block: Block): boolean {
    const cluster = this.#cluster;
    if (!cluster.isOpen) return true;
    if (block.keyFrame && this.#trackAt(block.trackNumber).isVideo) return false;
    // What is shown earlier may lie before the cluster, whose blocks' times are signed.
    const relative = block.orderMs - cluster.timestampMs;
    // Late tracks: what lies before the cluster gets one of its own, so that no block has a negative time in it.
    if (relative < 0 || relative > MAX_CLUSTER_MS) return false;
    return cluster.byteLength + block.byteLength + BLOCK_OVERHEAD <= MAX_CLUSTER_BYTES;
  }

  #append(block: Block): void {
    if (!this.#cluster.isOpen) {
      this.#begin(true);
      this.#cluster.open(block.timestampMs);
      for (const track of this.#tracks) track.inCluster = false;
    }
    const relativeAt = this.#cluster.append(block);
    this.#cue(block, relativeAt);
  }

  /** Seek points: video key frames; in a file without video, each track's first frame in each cluster. */
  #cue(block: Block, relativeAt: number): void {
    const track = this.#trackAt(block.trackNumber);
    const first = !track.inCluster;
    track.inCluster = true;
    if (this.#hasVideo ? !(track.isVideo && block.keyFrame) : !first) return;
    this.#cues.add(block.timestampMs, block.trackNumber, this.#position - this.#segmentAt, relativeAt);
  }

  #begin(hasCluster: boolean): void {
    if (this.#position > 0) return;
    const { bytes, segmentAt, startAt } = this.#header.encode(hasCluster);
    this.#headerBytes = bytes;
    this.#segmentAt = segmentAt;
    this.#startAt = startAt;
    this.#position = bytes.length;
  }

  #flush(): void | Promise<void> {
    if (!this.#cluster.isOpen) return;
    return inOrder(this.#flushHeader(), () => {
      const cluster = this.#cluster.seal();
      this.#position += cluster.length;
      return this.#sink.write(cluster);
    });
  }

  #flushHeader(): void | Promise<void> {
    const bytes = this.#headerBytes;
    this.#headerBytes = undefined;
    return bytes === undefined ? undefined : this.#sink.write(bytes);
  }

  #complete(): void | Promise<void> {
    const hasCluster = this.#position > 0;
    this.#begin(hasCluster);
    return inOrder(this.#flushHeader(), () => {
      if (this.#sink.writeAt === undefined) return;
      const cues = this.#cues.encode();
      const cuesAt = cues && this.#position - this.#segmentAt;
      this.#position += cues?.length ?? 0;
      const end = {
        segmentSize: this.#position - this.#segmentAt,
        cuesAt,
        durationMs: this.#endMs,
      };
      const { bytes } = this.#header.encode(hasCluster, end);
      return inOrder(cues && this.#sink.write(cues), () => this.#sink.writeAt?.(0, bytes));
    });
  }
}

/** The second after the first, without a promise where the first gave none. */
function inOrder(first: void | Promise<void>, second: () => void | Promise<void>): void | Promise<void> {
  return first === undefined ? second() : first.then(second);
}

function frameLength(trackNumber: number, frame: MatroskaFrame): number {
  let byteLength = 0;
  for (const chunk of frame.chunks) byteLength += chunk.length;
  if (byteLength > 0 && byteLength <= MAX_FRAME_BYTES) return byteLength;
  const which = `the frame of track ${trackNumber} at ${frame.timestampMs} ms`;
  if (byteLength === 0) throw new MatroskaError('frame-empty', `${which} has no bytes`);
  throw new MatroskaError(
    'frame-too-large',
    `${which} has ${byteLength} bytes, more than ${MAX_FRAME_BYTES}`,
  );
}

function wholeMs(trackNumber: number, what: string, ms: number): number {
  if (ms >= 0 && ms < MAX_TIMESTAMP_MS) return Math.round(ms);
  throw new MatroskaError('timestamp-invalid', `track ${trackNumber} has a frame with ${what} ${ms}`);
}

/** From rounded start to rounded end, so that durations add up to the times that stand in the file. */
function blockDuration(trackNumber: number, frame: MatroskaFrame, startMs: number): number | undefined {
  if (frame.durationMs === undefined) return undefined;
  wholeMs(trackNumber, 'durationMs', frame.durationMs);
  return Math.max(0, wholeMs(trackNumber, 'end', frame.timestampMs + frame.durationMs) - startMs);
}
