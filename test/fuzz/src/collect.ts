/**
 * Makes corpus entries of recordings: `node test/fuzz/src/collect.ts <label>=<archive>…`
 *
 * Of each track the first packets, as each target takes them.
 */
import { openEntry, openRecording, type Segment, type Track } from '@rawreel/archive';
import {
  type Codec,
  type MediaPacket,
  MediaStream,
  parseSessionDescription,
  type RtpdumpRecord,
  readRtpdump,
} from '@rawreel/rtp';
import { corpusFolder, writeInput } from './corpus.ts';
import { writePacketList } from './packet-list.ts';

const PACKET_LIST_BYTES = 14_000;
const DUMP_BYTES = 12_000;
const CODECS: Readonly<Record<string, Codec>> = {
  'audio/opus': 'opus',
  'video/vp8': 'vp8',
  'video/vp9': 'vp9',
  'video/h264': 'h264',
  'video/av1': 'av1',
};

for (const argument of process.argv.slice(2)) {
  const [label = '', path = ''] = argument.split('=');
  await using recording = await openRecording(path);
  const done = new Set<string>();
  for (const track of recording.tracks) {
    const segment = track.segments[0];
    const codec = CODECS[track.codec.toLowerCase()];
    if (segment?.dump === undefined || codec === undefined || done.has(codec)) continue;
    done.add(codec);
    await collect(label, codec, track, segment, segment.dump);
  }
}

async function collect(
  label: string,
  codec: Codec,
  track: Track,
  segment: Segment,
  dump: NonNullable<Segment['dump']>,
): Promise<void> {
  const description = segment.sdp === undefined ? undefined : parseSessionDescription(segment.sdp);
  const stream = new MediaStream({ codec, clockRate: codec === 'opus' ? 48_000 : 90_000, description });
  const records: RtpdumpRecord[] = [];
  const packets: MediaPacket[] = [];
  const chunks: Uint8Array[] = [];
  for await (const chunk of openEntry(dump)) chunks.push(chunk);
  for await (const batch of readRtpdump(chunks)) {
    for (const record of batch) {
      records.push(record);
      stream.push(record);
      for (let packet = stream.pull(); packet; packet = stream.pull()) packets.push(packet);
    }
  }
  const bytes = Buffer.concat(chunks);
  const keep = (target: string, input: Uint8Array): void => {
    console.log(writeInput(corpusFolder(target), `${label}-${track.kind}`, input));
  };
  keep(codec, writePacketList(packets.slice(0, countWithin(packets, PACKET_LIST_BYTES))));
  const cut = records.find(({ position }) => position > DUMP_BYTES)?.position ?? bytes.length;
  keep('rtpdump', bytes.subarray(0, cut));
  for (const record of [records[0], records[40]]) if (record?.kind === 'rtp') keep('rtp', record.bytes);
  const report = records.find(({ kind }) => kind === 'rtcp');
  if (report !== undefined) keep('rtcp', report.bytes);
  if (segment.sdp !== undefined) keep('sdp', Buffer.from(segment.sdp));
}

function countWithin(packets: readonly MediaPacket[], limit: number): number {
  let size = 0;
  const end = packets.findIndex(({ payload }) => {
    size += payload.length + 6;
    return size > limit;
  });
  return end < 0 ? packets.length : end;
}
