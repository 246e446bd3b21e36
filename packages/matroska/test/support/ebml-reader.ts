/**
 * A second opinion on EBML, written from RFC 8794 without looking at the writer: bit strings and BigInt instead of
 * division, element names instead of numbers.
 */

const NAMES: Readonly<
  Record<string, [name: string, type: 'master' | 'uint' | 'int' | 'float' | 'text' | 'date' | 'binary']>
> = {
  '1a45dfa3': ['EBML', 'master'],
  '4286': ['EBMLVersion', 'uint'],
  '42f7': ['EBMLReadVersion', 'uint'],
  '42f2': ['EBMLMaxIDLength', 'uint'],
  '42f3': ['EBMLMaxSizeLength', 'uint'],
  '4282': ['DocType', 'text'],
  '4287': ['DocTypeVersion', 'uint'],
  '4285': ['DocTypeReadVersion', 'uint'],
  ec: ['Void', 'binary'],
  '18538067': ['Segment', 'master'],
  '114d9b74': ['SeekHead', 'master'],
  '4dbb': ['Seek', 'master'],
  '53ab': ['SeekID', 'binary'],
  '53ac': ['SeekPosition', 'uint'],
  '1549a966': ['Info', 'master'],
  '73a4': ['SegmentUUID', 'binary'],
  '2ad7b1': ['TimestampScale', 'uint'],
  '4489': ['Duration', 'float'],
  '4461': ['DateUTC', 'date'],
  '7ba9': ['Title', 'text'],
  '4d80': ['MuxingApp', 'text'],
  '5741': ['WritingApp', 'text'],
  '1654ae6b': ['Tracks', 'master'],
  ae: ['TrackEntry', 'master'],
  d7: ['TrackNumber', 'uint'],
  '73c5': ['TrackUID', 'uint'],
  '83': ['TrackType', 'uint'],
  '9c': ['FlagLacing', 'uint'],
  '536e': ['Name', 'text'],
  '22b59c': ['Language', 'text'],
  '86': ['CodecID', 'text'],
  '63a2': ['CodecPrivate', 'binary'],
  '56aa': ['CodecDelay', 'uint'],
  '56bb': ['SeekPreRoll', 'uint'],
  e0: ['Video', 'master'],
  b0: ['PixelWidth', 'uint'],
  ba: ['PixelHeight', 'uint'],
  '7670': ['Projection', 'master'],
  '7671': ['ProjectionType', 'uint'],
  '7675': ['ProjectionPoseRoll', 'float'],
  e1: ['Audio', 'master'],
  b5: ['SamplingFrequency', 'float'],
  '9f': ['Channels', 'uint'],
  '1043a770': ['Chapters', 'master'],
  '45b9': ['EditionEntry', 'master'],
  b6: ['ChapterAtom', 'master'],
  '73c4': ['ChapterUID', 'uint'],
  '91': ['ChapterTimeStart', 'uint'],
  '80': ['ChapterDisplay', 'master'],
  '85': ['ChapString', 'text'],
  '1254c367': ['Tags', 'master'],
  '7373': ['Tag', 'master'],
  '63c0': ['Targets', 'master'],
  '68ca': ['TargetTypeValue', 'uint'],
  '63c5': ['TagTrackUID', 'uint'],
  '67c8': ['SimpleTag', 'master'],
  '45a3': ['TagName', 'text'],
  '4487': ['TagString', 'text'],
  '1f43b675': ['Cluster', 'master'],
  e7: ['Timestamp', 'uint'],
  a3: ['SimpleBlock', 'binary'],
  a0: ['BlockGroup', 'master'],
  a1: ['Block', 'binary'],
  '9b': ['BlockDuration', 'uint'],
  fb: ['ReferenceBlock', 'int'],
  '1c53bb6b': ['Cues', 'master'],
  bb: ['CuePoint', 'master'],
  b3: ['CueTime', 'uint'],
  b7: ['CueTrackPositions', 'master'],
  f7: ['CueTrack', 'uint'],
  f1: ['CueClusterPosition', 'uint'],
  f0: ['CueRelativePosition', 'uint'],
};

export interface ReadElement {
  readonly name: string;
  /** Of the first octet of the id. */
  readonly at: number;
  /** Of the first octet of the content. */
  readonly contentAt: number;
  /** Undefined for unknown. */
  readonly size: number | undefined;
  readonly end: number;
  readonly value: number | bigint | string | Uint8Array | undefined;
  readonly children: readonly ReadElement[];
}

/** A vint as bits: leading zeros give the length, the bit after them is the marker. */
export function readVint(bytes: Uint8Array, at: number): { value: bigint; length: number; allOnes: boolean } {
  const first = bytes[at] ?? 0;
  const length = first.toString(2).padStart(8, '0').indexOf('1') + 1;
  if (length === 0) throw new Error(`no vint at ${at}`);
  if (at + length > bytes.length) throw new Error(`vint at ${at} is cut`);
  const bits = bitsOf(bytes.subarray(at, at + length)).slice(length);
  return { value: BigInt(`0b${bits}`), length, allOnes: !bits.includes('0') };
}

export function readElements(bytes: Uint8Array, from = 0, to = bytes.length): ReadElement[] {
  const elements: ReadElement[] = [];
  for (let at = from; at < to; ) {
    const element = readElement(bytes, at, to);
    elements.push(element);
    at = element.end;
  }
  return elements;
}

function readElement(bytes: Uint8Array, at: number, to: number): ReadElement {
  const id = readVint(bytes, at);
  const key = Buffer.from(bytes.subarray(at, at + id.length)).toString('hex');
  const known = NAMES[key];
  if (known === undefined) throw new Error(`unknown element ${key} at ${at}`);
  const [name, type] = known;
  const size = readVint(bytes, at + id.length);
  const contentAt = at + id.length + size.length;
  const end = size.allOnes ? to : contentAt + Number(size.value);
  if (end > to) throw new Error(`${name} at ${at} reaches beyond its parent`);
  const content = bytes.subarray(contentAt, end);
  return {
    name,
    at,
    contentAt,
    size: size.allOnes ? undefined : Number(size.value),
    end,
    value: type === 'master' ? undefined : decode(type, content),
    children: type === 'master' ? readElements(bytes, contentAt, end) : [],
  };
}

function decode(type: string, content: Uint8Array): number | bigint | string | Uint8Array {
  if (type === 'binary') return content;
  if (type === 'text') return Buffer.from(content).toString('utf8');
  const bits = bitsOf(content);
  if (type === 'uint') return Number(BigInt(`0b${bits || '0'}`));
  if (type === 'int') return Number(BigInt.asIntN(bits.length, BigInt(`0b${bits || '0'}`)));
  if (type === 'date') return BigInt.asIntN(64, BigInt(`0b${bits}`));
  return content.length === 4 ? Buffer.from(content).readFloatBE() : Buffer.from(content).readDoubleBE();
}

function bitsOf(bytes: Uint8Array): string {
  return Array.from(bytes, (octet) => octet.toString(2).padStart(8, '0')).join('');
}

/** The one element at a path of names; throws when it is not there exactly once. */
export function only(elements: readonly ReadElement[], ...path: readonly string[]): ReadElement {
  const found = all(elements, ...path);
  if (found.length !== 1) throw new Error(`${path.join('/')} is there ${found.length} times`);
  return found[0] as ReadElement;
}

export function all(elements: readonly ReadElement[], ...path: readonly string[]): ReadElement[] {
  const [first, ...rest] = path;
  const here = elements.filter((element) => element.name === first);
  return rest.length === 0 ? here : here.flatMap((element) => all(element.children, ...rest));
}

export interface ReadBlock {
  readonly track: number;
  readonly timestampMs: number;
  readonly relativeMs: number;
  readonly keyFrame: boolean;
  readonly durationMs: number | undefined;
  readonly referenceMs: number | undefined;
  readonly bytes: Uint8Array;
  /** In the file. */
  readonly at: number;
}

/** All blocks of a file in file order. */
export function readBlocks(file: Uint8Array): ReadBlock[] {
  return all(readElements(file), 'Segment', 'Cluster').flatMap(blocksOfCluster);
}

export function blocksOfCluster(cluster: ReadElement): ReadBlock[] {
  const base = only(cluster.children, 'Timestamp').value as number;
  return cluster.children.flatMap((element): ReadBlock[] => {
    if (element.name === 'SimpleBlock') {
      const flags = blockHead(element.value as Uint8Array).flags;
      return [{ ...block(element.value as Uint8Array, base, element.at), keyFrame: (flags & 0x80) !== 0 }];
    }
    if (element.name !== 'BlockGroup') return [];
    const reference = all(element.children, 'ReferenceBlock')[0]?.value as number | undefined;
    return [
      {
        ...block(only(element.children, 'Block').value as Uint8Array, base, element.at),
        keyFrame: reference === undefined,
        referenceMs: reference,
        durationMs: all(element.children, 'BlockDuration')[0]?.value as number | undefined,
      },
    ];
  });
}

function blockHead(content: Uint8Array): {
  track: number;
  relativeMs: number;
  flags: number;
  length: number;
} {
  const track = readVint(content, 0);
  const view = new DataView(content.buffer, content.byteOffset + track.length);
  return {
    track: Number(track.value),
    relativeMs: view.getInt16(0),
    flags: view.getUint8(2),
    length: track.length + 3,
  };
}

function block(content: Uint8Array, base: number, at: number): ReadBlock {
  const { track, relativeMs, length } = blockHead(content);
  return {
    track,
    relativeMs,
    timestampMs: base + relativeMs,
    keyFrame: false,
    durationMs: undefined,
    referenceMs: undefined,
    bytes: content.subarray(length),
    at,
  };
}
