import { childrenOf, uintOf, vintAt } from './ebml-element.ts';
import * as Id from './matroska-ids.ts';
import { ContainerFault } from './walked-file.ts';

const KEY_FRAME = 0x80;
const LACING = 0x06;

export interface ReadBlock {
  readonly trackNumber: number;
  /** Since the cluster's Timestamp. */
  readonly relativeTicks: number;
  readonly durationTicks: number | undefined;
  readonly keyFrame: boolean;
  readonly bytes: Buffer;
}

/** A SimpleBlock (RFC 9559 §5.1.3.4) or a BlockGroup (§5.1.3.5), whose block is a key frame when it refers to no other. */
export function blockOf(id: number, content: Buffer): ReadBlock {
  if (id === Id.SIMPLE_BLOCK) {
    const { flags, ...block } = readBlock(content);
    return { ...block, durationTicks: undefined, keyFrame: (flags & KEY_FRAME) !== 0 };
  }
  let block: ReturnType<typeof readBlock> | undefined;
  let durationTicks: number | undefined;
  let keyFrame = true;
  for (const child of childrenOf(content, 'BlockGroup')) {
    if (child.id === Id.BLOCK) block = readBlock(child.content);
    if (child.id === Id.BLOCK_DURATION) durationTicks = uintOf(child.content);
    if (child.id === Id.REFERENCE_BLOCK) keyFrame = false;
  }
  if (block === undefined) throw new ContainerFault('a BlockGroup has no Block');
  const { flags: _, ...rest } = block;
  return { ...rest, durationTicks, keyFrame };
}

/**
 * RFC 9559 §10.1, §10.2:
 *
 *     track number (vint) | ticks since the cluster's Timestamp (int16) | flags | frame
 */
function readBlock(content: Buffer) {
  const track = vintAt(content, 0);
  if (track === undefined || content.length < track.length + 3)
    throw new ContainerFault(`a block has ${content.length} bytes`);
  const flags = content.readUInt8(track.length + 2);
  if ((flags & LACING) !== 0) throw new ContainerFault('a block is laced');
  return {
    trackNumber: track.value,
    relativeTicks: content.readInt16BE(track.length),
    flags,
    bytes: content.subarray(track.length + 3),
  };
}
