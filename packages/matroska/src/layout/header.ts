import {
  binary,
  byteLengthOf,
  date,
  type EbmlElement,
  encode,
  float,
  idAsBinary,
  master,
  uint,
  utf8,
  voidOf,
} from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import { idLength, putId, putSize, UNKNOWN_SIZE } from '../ebml/vint.ts';
import type { MatroskaOptions } from '../matroska-options.ts';
import { chaptersElement } from './chapters.ts';
import { type Identity, identityOf } from './identity.ts';
import { tagsElement } from './tags.ts';
import { tracksElement } from './tracks.ts';

const MUXING_APP = 'rawreel matroska';

/** Timestamps are milliseconds. */
const TIMESTAMP_SCALE_NS = 1_000_000;

const SEGMENT_SIZE_LENGTH = 8;

/** What only the end of the file tells. */
export interface HeaderEnd {
  readonly segmentSize: number;
  /** Position of Cues in the segment. */
  readonly cuesAt: number | undefined;
  readonly durationMs: number;
}

export interface Header {
  readonly bytes: Uint8Array;
  /** Where the segment's content begins: all positions inside the file count from here (RFC 9559 §16). */
  readonly segmentAt: number;
  /** Position in the file of DateUTC, where there is one: its length does not depend on its value. */
  readonly startAt: number | undefined;
}

/**
 * Everything before the first Cluster:
 *
 *     EBML
 *     Segment (size patched at the end, else unknown)
 *       SeekHead → Info, Tracks, Chapters, Tags, Cues, first Cluster
 *       Info
 *       Tracks
 *       Chapters
 *       Tags
 *
 * Called once at the beginning and, where the sink can overwrite, once more with `end`: what is not known at first has its
 * place held by a Void of the same length, so both are equally long and a file that was never finished is still valid.
 */
export class HeaderLayout {
  readonly #options: MatroskaOptions;
  readonly #seekable: boolean;
  readonly #identity: Identity;
  /** What follows Info. */
  readonly #parts: readonly EbmlElement[];

  constructor(options: MatroskaOptions, seekable: boolean) {
    this.#options = options;
    this.#seekable = seekable;
    this.#identity = identityOf(options);
    const { trackUids } = this.#identity;
    this.#parts = [
      tracksElement(options.tracks, trackUids),
      chaptersElement(options),
      tagsElement(options, trackUids),
    ].filter((part) => part !== undefined);
  }

  encode(hasCluster: boolean, end?: HeaderEnd): Header {
    const ebml = encode(ebmlHeader(this.#options.docType));
    const segment = segmentStart(end?.segmentSize);
    const info = this.#info(end);
    // Its positions have a fixed width, so its length is known before they are.
    const seekHeadLength = byteLengthOf(this.#seekHead(info, 0, hasCluster, end));
    const content = [this.#seekHead(info, seekHeadLength, hasCluster, end), info, ...this.#parts];
    const parts = [ebml, segment, ...content.map(encode)];
    const segmentAt = ebml.length + segment.length;
    return { bytes: Buffer.concat(parts), segmentAt, startAt: startIn(info, segmentAt + seekHeadLength) };
  }

  /** RFC 9559 §5.1.1 */
  #seekHead(info: EbmlElement, infoAt: number, hasCluster: boolean, end: HeaderEnd | undefined): EbmlElement {
    let at = infoAt;
    const seeks = [info, ...this.#parts].map((part) => {
      const found = seek(part.id, at);
      at += byteLengthOf(part);
      return found;
    });
    return master(Id.SeekHead, [
      ...seeks,
      heldPlace(this.#seekable, seek(Id.Cues, end?.cuesAt ?? 0), end?.cuesAt !== undefined),
      hasCluster ? seek(Id.Cluster, at) : undefined,
    ]);
  }

  /** RFC 9559 §5.1.2 */
  #info(end: HeaderEnd | undefined): EbmlElement {
    const { docType, title, writingApp, startsAtMs } = this.#options;
    const durationMs = end?.durationMs ?? 0;
    return master(Id.Info, [
      // WebM does not know it.
      docType === 'webm' ? undefined : binary(Id.SegmentUUID, this.#identity.segmentUuid),
      uint(Id.TimestampScale, TIMESTAMP_SCALE_NS),
      // Zero is not a Duration.
      heldPlace(this.#seekable, float(Id.Duration, durationMs, 8), durationMs > 0),
      startsAtMs === undefined ? undefined : date(Id.DateUTC, startsAtMs),
      title === undefined ? undefined : utf8(Id.Title, title),
      utf8(Id.MuxingApp, MUXING_APP),
      utf8(Id.WritingApp, writingApp),
    ]);
  }
}

/** Position of DateUTC in an Info that stands at `infoAt`. */
function startIn(info: EbmlElement, infoAt: number): number | undefined {
  const children = 'children' in info ? info.children.filter((child) => child !== undefined) : [];
  const index = children.findIndex(({ id }) => id === Id.DateUTC);
  if (index < 0) return undefined;
  const behind = children.slice(index).reduce((sum, child) => sum + byteLengthOf(child), 0);
  return infoAt + byteLengthOf(info) - behind;
}

/** The element where it is known, a Void as long as it where it may be later, nothing where it never will. */
function heldPlace(seekable: boolean, element: EbmlElement, known: boolean): EbmlElement | undefined {
  if (!seekable) return undefined;
  return known ? element : voidOf(Id.Void, byteLengthOf(element));
}

/** RFC 8794 §11.2. Version 4 for CodecDelay, SeekPreRoll, Projection and CueRelativePosition; readers of version 2 cope. */
function ebmlHeader(docType: MatroskaOptions['docType']): EbmlElement {
  return master(Id.EBML, [
    uint(Id.EBMLVersion, 1),
    uint(Id.EBMLReadVersion, 1),
    uint(Id.EBMLMaxIDLength, 4),
    uint(Id.EBMLMaxSizeLength, 8),
    utf8(Id.DocType, docType),
    uint(Id.DocTypeVersion, 4),
    uint(Id.DocTypeReadVersion, 2),
  ]);
}

function segmentStart(size: number | undefined): Uint8Array {
  const bytes = new Uint8Array(idLength(Id.Segment) + SEGMENT_SIZE_LENGTH);
  const at = putId(bytes, 0, Id.Segment);
  if (size === undefined) bytes.set(UNKNOWN_SIZE, at);
  else putSize(bytes, at, size, SEGMENT_SIZE_LENGTH);
  return bytes;
}

function seek(id: number, position: number): EbmlElement {
  return master(Id.Seek, [idAsBinary(Id.SeekID, id), uint(Id.SeekPosition, position, 8)]);
}
