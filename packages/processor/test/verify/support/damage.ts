import { all, type ReadElement, readElements } from '../../../../matroska/test/support/ebml-reader.ts';

const VOID = 0xec;
const SIMPLE_BLOCK = 0xa3;

/** Track number of one octet, time of two, flags. */
const BLOCK_HEAD = 4;

const clustersOf = (file: Buffer): ReadElement[] => all(readElements(file), 'Segment', 'Cluster');

/** Every SimpleBlock in file order. */
export const simpleBlocks = (file: Buffer): ReadElement[] =>
  clustersOf(file).flatMap((cluster) => all(cluster.children, 'SimpleBlock'));

const changed = (file: Buffer, change: (copy: Buffer) => void): Buffer => {
  const copy = Buffer.from(file);
  change(copy);
  return copy;
};

/** A block becomes a Void as long as it. */
export const dropBlock = (file: Buffer, block: ReadElement): Buffer =>
  changed(file, (copy) => {
    if (copy[block.at] !== SIMPLE_BLOCK) throw new Error('no SimpleBlock');
    copy[block.at] = VOID;
  });

export const payloadOf = (block: ReadElement): number => block.contentAt + BLOCK_HEAD;

export const flipByte = (file: Buffer, at: number): Buffer =>
  changed(file, (copy) => {
    copy[at] = (copy[at] as number) ^ 0x55;
  });

/** Moves all blocks of a cluster by changing its Timestamp. */
export const shiftCluster = (file: Buffer, index: number, byMs: number): Buffer =>
  changed(file, (copy) => {
    const [timestamp] = all(clustersOf(file)[index]?.children ?? [], 'Timestamp') as [ReadElement];
    const length = timestamp.size ?? 0;
    copy.writeUIntBE((timestamp.value as number) + byMs, timestamp.contentAt, length);
  });

/** Moves all blocks of a track within their clusters. */
export const shiftTrack = (file: Buffer, track: number, byMs: number): Buffer =>
  changed(file, (copy) => {
    const groups = clustersOf(file).flatMap(({ children }) => all(children, 'BlockGroup', 'Block'));
    for (const block of [...simpleBlocks(file), ...groups]) {
      if (copy[block.contentAt] !== (0x80 | track)) continue;
      copy.writeInt16BE(copy.readInt16BE(block.contentAt + 1) + byMs, block.contentAt + 1);
    }
  });

/** Cuts the file where its last cluster begins. */
export const cutLastCluster = (file: Buffer): Buffer => file.subarray(0, clustersOf(file).at(-1)?.at);

/** The same cut, as a writer would have left it that never saw the tail: sizes and Duration agree with what is there. */
export function cutLastClusterCleanly(file: Buffer): Buffer {
  const cut = Buffer.from(cutLastCluster(file));
  const [segment] = all(readElements(file), 'Segment') as [ReadElement];
  const [duration] = all(segment.children, 'Info', 'Duration') as [ReadElement];
  const last = clustersOf(file).at(-1);
  const [timestamp] = all(last?.children ?? [], 'Timestamp') as [ReadElement];
  cut.writeDoubleBE(timestamp.value as number, duration.contentAt);
  cut.writeUIntBE(cut.length - segment.contentAt, segment.contentAt - 6, 6);
  return cut;
}

/** Clusters give their sizes, four octets each, as unknown. */
export const unsizeClusters = (file: Buffer): Buffer =>
  changed(file, (copy) => {
    for (const { at } of clustersOf(file)) copy.writeUInt32BE(0x1f_ff_ff_ff, at + 4);
  });
