import { ByteWindow } from './byte-window.ts';
import { childrenOf, type ElementHead, headAt, MAX_HEAD_LENGTH, uintOf } from './ebml-element.ts';
import { blockOf, type ReadBlock } from './matroska-block.ts';
import { type NumberedTrack, type SegmentInfo, segmentInfo, trackEntries } from './matroska-header.ts';
import * as Id from './matroska-ids.ts';
import { ContainerFault, type FileBlock, type WalkedFile } from './walked-file.ts';

/** More than any frame of any encoder; what claims more is not read into memory. */
const MAX_ELEMENT_BYTES = 256 * 1024 * 1024;

/**
 * Reads an MKV or WebM file (RFC 9559) from front to back, a block in memory at a time. What is unknown is skipped, sizes
 * may be unknown; Info and Tracks must come before the first Cluster.
 */
export class MatroskaWalk implements WalkedFile {
  readonly #window: ByteWindow;
  readonly #clusters = new Set<number>();
  readonly #cues: number[] = [];
  #segmentAt = 0;
  #segmentEnd: number | undefined;
  #info: SegmentInfo = segmentInfo(Buffer.alloc(0));
  #tracks: readonly NumberedTrack[] = [];
  /** Of the first Cluster, which ended the header. */
  #head: ElementHead | undefined;

  /** @throws {ContainerFault}; what the file system says. */
  constructor(path: string) {
    this.#window = new ByteWindow(path);
    try {
      this.#readHeader();
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get tracks(): readonly NumberedTrack[] {
    return this.#tracks;
  }

  get durationMs(): number | undefined {
    return this.#info.durationMs;
  }

  close(): void {
    this.#window.close();
  }

  async *blocks(): AsyncGenerator<FileBlock, void> {
    for (; this.#head !== undefined; this.#head = this.#nextHead()) {
      if (this.#head.id === Id.CLUSTER) yield* this.#cluster(this.#head);
      else this.#segmentChild(this.#head);
    }
    this.#checkEnd();
  }

  #readHeader(): void {
    const ebml = this.#takeHead();
    if (ebml?.id !== Id.EBML) throw new ContainerFault('it does not begin with an EBML header');
    const docType = Array.from(childrenOf(this.#content(ebml), 'the EBML header')).find(
      ({ id }) => id === Id.DOC_TYPE,
    );
    const name = docType?.content.toString('latin1');
    if (name !== 'matroska' && name !== 'webm') throw new ContainerFault(`its DocType is ${name}`);
    const segment = this.#takeHead();
    if (segment?.id !== Id.SEGMENT) throw new ContainerFault('no Segment follows the EBML header');
    this.#segmentAt = this.#window.at;
    if (segment.size !== undefined) this.#segmentEnd = this.#segmentAt + segment.size;
    let head = this.#nextHead();
    for (; head !== undefined && head.id !== Id.CLUSTER; head = this.#nextHead()) this.#segmentChild(head);
    this.#head = head;
    if (this.#tracks.length === 0) throw new ContainerFault('there are no Tracks before the first Cluster');
  }

  /** The next child of Segment; undefined at the end of the segment or of the file. */
  #nextHead(): ElementHead | undefined {
    const isEnd = this.#segmentEnd !== undefined && this.#window.at >= this.#segmentEnd;
    return isEnd ? undefined : this.#takeHead();
  }

  #segmentChild(head: ElementHead): void {
    if (head.id === Id.INFO) this.#info = segmentInfo(this.#content(head));
    else if (head.id === Id.TRACKS) this.#tracks = trackEntries(this.#content(head));
    else if (head.id === Id.CUES) this.#readCues(this.#content(head));
    else this.#skip(head);
  }

  *#cluster(cluster: ElementHead): Generator<FileBlock> {
    const from = this.#window.at;
    const end = cluster.size === undefined ? undefined : from + cluster.size;
    this.#clusters.add(from - cluster.length - this.#segmentAt);
    let timestamp: number | undefined;
    for (let head = this.#clusterChild(end); head !== undefined; head = this.#clusterChild(end)) {
      if (end !== undefined && this.#window.at + (head.size ?? 0) > end)
        throw this.#fault('an element reaches beyond its Cluster');
      if (head.id === Id.TIMESTAMP) timestamp = uintOf(this.#content(head));
      else if (head.id === Id.SIMPLE_BLOCK || head.id === Id.BLOCK_GROUP) {
        if (timestamp === undefined) throw this.#fault('a block comes before its Cluster’s Timestamp');
        yield this.#placed(blockOf(head.id, this.#content(head)), timestamp);
      } else this.#skip(head);
    }
  }

  #clusterChild(end: number | undefined): ElementHead | undefined {
    if (end !== undefined) return this.#window.at >= end ? undefined : this.#takeHead();
    const next = headAt(this.#window.peek(MAX_HEAD_LENGTH), 0);
    const isOver = next === undefined ? this.#window.left === 0 : Id.SEGMENT_CHILDREN.has(next.id);
    return isOver ? undefined : this.#takeHead();
  }

  #placed(block: ReadBlock, clusterTimestamp: number): FileBlock {
    const { msPerTick } = this.#info;
    const track = this.#tracks.findIndex(({ number }) => number === block.trackNumber);
    if (track < 0) throw this.#fault(`a block is of track ${block.trackNumber}, which there is none`);
    return {
      track,
      timeMs: (clusterTimestamp + block.relativeTicks) * msPerTick,
      durationMs: block.durationTicks === undefined ? undefined : block.durationTicks * msPerTick,
      keyFrame: block.keyFrame,
      bytes: block.bytes,
    };
  }

  /** Cues (RFC 9559 §5.1.5): where each says that a Cluster is. */
  #readCues(content: Buffer): void {
    for (const point of childrenOf(content, 'Cues')) {
      if (point.id !== Id.CUE_POINT) continue;
      for (const positions of childrenOf(point.content, 'CuePoint')) {
        if (positions.id !== Id.CUE_TRACK_POSITIONS) continue;
        for (const child of childrenOf(positions.content, 'CueTrackPositions'))
          if (child.id === Id.CUE_CLUSTER_POSITION) this.#cues.push(uintOf(child.content));
      }
    }
  }

  #checkEnd(): void {
    const { size, at } = this.#window;
    const end = this.#segmentEnd ?? size;
    if (end > size) throw new ContainerFault(`it ends at byte ${size}, though its Segment goes on to ${end}`);
    if (at !== end) throw this.#fault('an element reaches beyond its Segment');
    if (end < size) throw new ContainerFault(`${size - end} bytes follow its Segment`);
    const astray = this.#cues.filter((position) => !this.#clusters.has(position));
    if (astray.length > 0)
      throw new ContainerFault(`${astray.length} of ${this.#cues.length} cues lead to no Cluster`);
  }

  /** Undefined at the end of the file. */
  #takeHead(): ElementHead | undefined {
    if (this.#window.left === 0) return undefined;
    const head = headAt(this.#window.peek(MAX_HEAD_LENGTH), 0);
    if (head === undefined) throw this.#fault('there is no element');
    this.#window.seek(this.#window.at + head.length);
    return head;
  }

  #content(head: ElementHead): Buffer {
    const size = this.#knownSize(head);
    if (size > MAX_ELEMENT_BYTES) throw this.#fault(`an element claims ${size} bytes`);
    const content = this.#window.peek(size);
    this.#window.seek(this.#window.at + size);
    return content;
  }

  #skip(head: ElementHead): void {
    this.#window.seek(this.#window.at + this.#knownSize(head));
  }

  #knownSize({ size }: ElementHead): number {
    if (size === undefined) throw this.#fault('an element of unknown size is neither Segment nor Cluster');
    if (size > this.#window.left) throw this.#fault('the file ends inside an element');
    return size;
  }

  #fault(message: string): ContainerFault {
    return new ContainerFault(`at byte ${this.#window.at} ${message}`);
  }
}
