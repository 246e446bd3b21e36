import { type BroadcastFacts, bextContent, ixmlContent } from './broadcast-wave.ts';
import { SAMPLE_RATE } from './mix-source.ts';

export interface WavShape extends BroadcastFacts {
  readonly channels: number;
  readonly samples: number;
}

const BYTES_PER_SAMPLE = 2;

/** RIFF counts bytes in 32 bits. */
const LARGEST_RIFF = 0xffff_ffff;

/** More than two channels want the extensible format, which says that they stand for no loudspeakers. */
const PCM = 0x0001;
const EXTENSIBLE = 0xfffe;

/** KSDATAFORMAT_SUBTYPE_PCM, behind its first two octets, which are the format's. */
const PCM_SUBFORMAT_TAIL = '000000001000800000aa00389b71';

/**
 * All that stands before the samples of a 16 bit WAV file whose length is known; RF64 (EBU Tech 3306) where RIFF cannot
 * count that far.
 *
 *     RIFF | RF64  size  WAVE
 *     ds64         sizes and samples in 64 bits, only in RF64
 *     bext         where it lies on a timeline
 *     fmt          one of the two forms
 *     LIST INFO    INAM title, ICRD start, ISFT maker
 *     iXML         who is in which channel
 *     data  size
 */
export function wavHeader(shape: WavShape): Buffer {
  const dataBytes = shape.channels * shape.samples * BYTES_PER_SAMPLE;
  const body = [
    ...(shape.timeReference === undefined ? [] : [chunk('bext', bextContent(shape))]),
    chunk('fmt ', format(shape.channels)),
    chunk('LIST', info(shape)),
    ...(shape.channelNames === undefined ? [] : [chunk('iXML', ixmlContent(shape))]),
  ];
  const bodyBytes = body.reduce((sum, part) => sum + part.length, 0);
  const riffBytes = 4 + bodyBytes + 8 + dataBytes;
  if (riffBytes <= LARGEST_RIFF)
    return Buffer.concat([
      Buffer.from('RIFF'),
      u32(riffBytes),
      Buffer.from('WAVE'),
      ...body,
      data(dataBytes),
    ]);
  const sizes = Buffer.alloc(28);
  sizes.writeBigUInt64LE(BigInt(riffBytes + 8 + sizes.length), 0);
  sizes.writeBigUInt64LE(BigInt(dataBytes), 8);
  sizes.writeBigUInt64LE(BigInt(shape.samples), 16);
  const start = [Buffer.from('RF64'), u32(LARGEST_RIFF), Buffer.from('WAVE'), chunk('ds64', sizes)];
  return Buffer.concat([...start, ...body, data(LARGEST_RIFF)]);
}

function format(channels: number): Buffer {
  const isExtensible = channels > 2;
  const fields = Buffer.alloc(isExtensible ? 40 : 16);
  fields.writeUInt16LE(isExtensible ? EXTENSIBLE : PCM, 0);
  fields.writeUInt16LE(channels, 2);
  fields.writeUInt32LE(SAMPLE_RATE, 4);
  fields.writeUInt32LE(SAMPLE_RATE * channels * BYTES_PER_SAMPLE, 8);
  fields.writeUInt16LE(channels * BYTES_PER_SAMPLE, 12);
  fields.writeUInt16LE(BYTES_PER_SAMPLE * 8, 14);
  if (!isExtensible) return fields;
  fields.writeUInt16LE(22, 16);
  fields.writeUInt16LE(BYTES_PER_SAMPLE * 8, 18);
  fields.writeUInt16LE(PCM, 24);
  fields.write(PCM_SUBFORMAT_TAIL, 26, 'hex');
  return fields;
}

const info = ({ title, madeBy, startsAt }: WavShape): Buffer =>
  Buffer.concat([
    Buffer.from('INFO'),
    chunk('INAM', text(title)),
    chunk('ICRD', text(startsAt)),
    chunk('ISFT', text(madeBy)),
  ]);

const text = (value: string): Buffer => Buffer.from(`${value}\0`);

const data = (bytes: number): Buffer => Buffer.concat([Buffer.from('data'), u32(bytes)]);

/** Chunks begin at even octets. */
function chunk(id: string, content: Buffer): Buffer {
  return Buffer.concat([Buffer.from(id), u32(content.length), content, Buffer.alloc(content.length % 2)]);
}

function u32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
