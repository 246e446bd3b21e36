import { xmlText } from '@rawreel/text';
import { SAMPLE_RATE } from './mix-source.ts';

/** What programs that edit sound read of a WAV file. */
export interface BroadcastFacts {
  readonly title: string;
  readonly madeBy: string;
  /** RFC 3339. */
  readonly startsAt: string;
  /** Samples from the timeline's zero to the file's; absent where the file is not one of several on a timeline. */
  readonly timeReference?: number | undefined;
  /** What each channel is called; absent where they are no more than loudspeakers. */
  readonly channelNames?: readonly string[] | undefined;
}

/**
 * Content of the `bext` chunk (EBU Tech 3285, version 1), ASCII of fixed lengths:
 *
 *     Description[256] Originator[32] OriginatorReference[32]
 *     OriginationDate[10] OriginationTime[8]
 *     TimeReference u64  Version u16  UMID[64]  Reserved[190]
 */
export function bextContent({ title, madeBy, startsAt, timeReference = 0 }: BroadcastFacts): Buffer {
  const content = Buffer.alloc(602);
  content.write(ascii(title).slice(0, 256), 0, 'latin1');
  content.write(ascii(madeBy).slice(0, 32), 256, 'latin1');
  content.write(startsAt.slice(0, 10), 320, 'latin1');
  content.write(startsAt.slice(11, 19), 330, 'latin1');
  content.writeBigUInt64LE(BigInt(timeReference), 338);
  content.writeUInt16LE(1, 346);
  return content;
}

/** Letters without their marks, and `-` for the dot between the words of a title. */
const ascii = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll('·', '-')
    .replaceAll(/\p{Mn}/gu, '')
    .replaceAll(/[^ -~]/gu, '?');

/** Content of the `iXML` chunk (iXML 1.61): who is in which channel. */
export function ixmlContent({ title, timeReference, channelNames = [] }: BroadcastFacts): Buffer {
  const tracks = channelNames.map((name, index) => {
    const number = index + 1;
    return `<TRACK><CHANNEL_INDEX>${number}</CHANNEL_INDEX><INTERLEAVE_INDEX>${number}</INTERLEAVE_INDEX><NAME>${xmlText(name)}</NAME></TRACK>`;
  });
  return Buffer.from(
    [
      '<?xml version="1.0" encoding="UTF-8"?>',
      '<BWFXML><IXML_VERSION>1.61</IXML_VERSION>',
      `<PROJECT>${xmlText(title)}</PROJECT>`,
      ...(timeReference === undefined ? [] : [speed(timeReference)]),
      `<TRACK_LIST><TRACK_COUNT>${tracks.length}</TRACK_COUNT>`,
      ...tracks,
      '</TRACK_LIST></BWFXML>\n',
    ].join('\n'),
  );
}

function speed(timeReference: number): string {
  const samples = BigInt(timeReference);
  return [
    `<SPEED><FILE_SAMPLE_RATE>${SAMPLE_RATE}</FILE_SAMPLE_RATE><TIMESTAMP_SAMPLE_RATE>${SAMPLE_RATE}</TIMESTAMP_SAMPLE_RATE>`,
    `<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>${samples >> 32n}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_HI>`,
    `<TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO>${samples & 0xffff_ffffn}</TIMESTAMP_SAMPLES_SINCE_MIDNIGHT_LO></SPEED>`,
  ].join('');
}
