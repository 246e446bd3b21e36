/**
 * Writes corpus entries: `node test/fuzz/src/make-corpus.ts [archive …]`, from small generated calls, from the archives
 * named (excerpts only), and from tables of odd bytes. What is there under the same name is written anew.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync, inflateRawSync } from 'node:zlib';
import { openEntry, openRecording, type Segment, type Track } from '@rawreel/archive';
import { type CallSpec, generateCall, hostileArchives, type TrackSpec } from '@rawreel/fixtures';
import {
  type Codec,
  type MediaPacket,
  MediaStream,
  parseSessionDescription,
  RtpdumpReader,
  type RtpdumpRecord,
  readRtpdump,
} from '@rawreel/rtp';
import { readBytes } from './engine/corpus.ts';
import { settled } from './engine/fuzz.ts';
import { joined } from './engine/mutate-bytes.ts';
import { Novelty } from './engine/novelty.ts';
import { type Container, writeCallCase } from './formats/call-case.ts';
import { dumpHeaderLength, findRecords } from './formats/dump-records.ts';
import { type ListedFile, writeFileList } from './formats/file-list.ts';
import { type TapePacket, writePacketTape } from './formats/packet-tape.ts';
import { writeStreamCase } from './formats/stream-case.ts';
import { writeTarCase } from './formats/tar-case.ts';
import { findZipEntries, localDataStart } from './formats/zip-file.ts';
import { targets } from './targets/index.ts';

const CORPUS = fileURLToPath(new URL('../corpus', import.meta.url));
const LONGEST = 4 * 1024;
/** Half a second of the shipped recording's pictures. */
const LONGEST_START = 30 * 1024;
const SHIPPED = fileURLToPath(new URL('../../samples/chromium-call.zip', import.meta.url));
const CODECS: Record<string, Codec> = {
  'audio/opus': 'opus',
  'video/vp8': 'vp8',
  'video/vp9': 'vp9',
  'video/h264': 'h264',
  'video/av1': 'av1',
};

async function keep(target: string, name: string, bytes: Uint8Array, longest = 20_000): Promise<void> {
  const found = targets.find((one) => one.name === target);
  if (found === undefined || bytes.length > longest) return;
  const novelty = new Novelty();
  let prefix = 'odd';
  try {
    await settled(found, bytes, novelty);
    prefix = novelty.outputs > 0 ? 'ok' : 'odd';
  } catch (error) {
    prefix = 'found';
    console.log(`${target} ${name}: ${String(error)}`);
  }
  await mkdir(join(CORPUS, target), { recursive: true });
  await writeFile(join(CORPUS, target, `${prefix}-${name}`), bytes);
}

/** Cuts excerpts for every target out of each track's first segment. */
async function excerpt(label: string, path: string): Promise<void> {
  await using recording = await openRecording(path);
  const done = new Set<string>();
  for (const track of recording.tracks) {
    const codec = CODECS[track.codec.toLowerCase()];
    const segment = track.segments[0];
    if (codec === undefined || segment?.dump === undefined || done.has(codec)) continue;
    done.add(codec);
    await excerptTrack(`${label}-${codec}`, codec, track, segment);
  }
}

async function excerptTrack(name: string, codec: Codec, _track: Track, segment: Segment): Promise<void> {
  if (segment.dump === undefined) return;
  const pieces: Uint8Array[] = [];
  for await (const chunk of openEntry(segment.dump)) pieces.push(chunk);
  const dump = joined(...pieces);
  const records: RtpdumpRecord[] = [];
  for await (const batch of readRtpdump([dump], new RtpdumpReader())) records.push(...batch);
  const packets = streamOf(records, codec, segment.sdp);
  await keep(codec, name, tapeOf(packets, codec));
  const header = dump.subarray(0, dumpHeaderLength(dump) ?? 0);
  const short = shortDump(dump, header, records);
  await keep('rtpdump', name, short);
  await keep('media-stream', name, writeStreamCase(codec, segment.sdp ?? '', short));
  await keep(
    'media-stream',
    `${name}-blind`,
    writeStreamCase(codec, '', short, { withoutSdp: true, narrow: true }),
  );
  if (segment.sdp !== undefined) await keep('sdp', name, Buffer.from(segment.sdp));
  const rtp = records.filter(({ kind }) => kind === 'rtp').sort((a, b) => a.bytes.length - b.bytes.length);
  for (const [at, record] of [rtp[0], rtp[rtp.length >> 3]].entries()) {
    if (record !== undefined) await keep('rtp', `${name}-${at}`, record.bytes.subarray(0, 400));
  }
  const rtcp = records.filter(({ kind }) => kind === 'rtcp');
  const longest = [...rtcp].sort((a, b) => b.bytes.length - a.bytes.length);
  for (const [at, record] of [rtcp[0], longest[0]].entries()) {
    if (record !== undefined) await keep('rtcp', `${name}-${at}`, record.bytes);
  }
}

function streamOf(records: readonly RtpdumpRecord[], codec: Codec, sdp: string | undefined): MediaPacket[] {
  const stream = new MediaStream({
    codec,
    clockRate: codec === 'opus' ? 48_000 : 90_000,
    description: sdp === undefined ? undefined : parseSessionDescription(sdp),
  });
  const packets: MediaPacket[] = [];
  for (const record of records) {
    stream.push(record);
    for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) packets.push(packet);
    if (packets.length > 400) return packets;
  }
  stream.flush();
  for (let packet = stream.pull(); packet !== undefined; packet = stream.pull()) packets.push(packet);
  return packets;
}

/** As many packets as fit. Payload formats that do not look at a frame's end get theirs shortened. */
function tapeOf(packets: readonly MediaPacket[], codec: Codec): Uint8Array {
  const longestPayload = codec === 'vp8' || codec === 'opus' ? 1500 : 160;
  const tape: TapePacket[] = [];
  let size = 0;
  let ticks = packets[0]?.rtpTicks ?? 0;
  let run = packets[0]?.run ?? 0;
  for (const packet of packets) {
    const { marker, rotation, lossBefore, payload, rtpTicks } = packet;
    const isAggregate = codec === 'h264' && ((payload[0] ?? 0) & 31) === 24;
    const kept = isAggregate ? payload : payload.subarray(0, longestPayload);
    size += kept.length + 8;
    if (size > LONGEST) break;
    tape.push({
      marker,
      rotation,
      lossBefore,
      newRun: packet.run !== run,
      ticks: rtpTicks - ticks,
      payload: kept,
    });
    ticks = rtpTicks;
    run = packet.run;
  }
  return writePacketTape(tape);
}

function shortDump(dump: Uint8Array, header: Uint8Array, records: readonly RtpdumpRecord[]): Uint8Array {
  const last = records.findLast(({ position, bytes }) => position + 8 + bytes.length < LONGEST);
  return dump.slice(0, last === undefined ? header.length : last.position + 8 + last.bytes.length);
}

const impaired = {
  loss: 0.06,
  reorder: { probability: 0.1, withinMs: 60 },
  duplicate: 0.05,
  rtx: { repairs: 0.5 },
  padding: 0.1,
  strangers: 0.05,
};

function calls(): CallSpec[] {
  const video = (codec: 'vp8' | 'vp9' | 'h264' | 'av1'): TrackSpec => ({
    kind: 'video',
    codec,
    width: 64,
    height: 48,
    keyFrameEveryMs: 400,
    bitrate: 60_000,
    rotation: 90,
    impair: impaired,
    segments: [{ startMs: 100, durationMs: 1500 }],
  });
  const audio: TrackSpec = {
    kind: 'audio',
    bitrate: 12_000,
    impair: { ...impaired, red: true },
    segments: [{ startMs: 100, durationMs: 1500 }],
  };
  const tracks: readonly TrackSpec[] = [
    audio,
    { ...audio, frameMs: 60, channels: 2, impair: { loss: 0.1 } } as TrackSpec,
    video('vp8'),
    video('vp9'),
    video('h264'),
    video('av1'),
  ];
  return tracks.map((track, seed) => ({
    seed: seed + 1,
    users: [{ id: 'a', sessions: [{ tracks: [track] }] }],
  }));
}

async function generated(folder: string): Promise<void> {
  for (const [at, spec] of calls().entries()) {
    const call = await generateCall(spec);
    const path = join(folder, `call-${at}.zip`);
    await call.writeArchive(path);
    await excerpt(`made${at}`, path);
  }
}

/** Small archives whole: hostile ones, and a call of nothing but short audio. */
async function archives(folder: string): Promise<void> {
  const call = await generateCall({
    seed: 9,
    users: ['a', 'b'].map((id) => ({
      id,
      sessions: [
        {
          tracks: [
            {
              kind: 'audio',
              bitrate: 6000,
              segments: [
                { startMs: 0, durationMs: 200 },
                { startMs: 400, durationMs: 200 },
              ],
            },
          ],
        },
      ],
    })),
  } as CallSpec);
  for (const kind of ['zip', 'tar', 'tar.gz'] as const) {
    const path = join(folder, `small.${kind}`);
    await call.writeArchive(path);
    const bytes = await readBytes(path);
    if (kind === 'zip') await keep('zip', 'small', bytes);
    if (kind === 'tar') {
      await keep('tar', 'small', writeTarCase(bytes));
      await keep('tar', 'small-gzip', writeTarCase(bytes, { gzip: true }));
      await keep('tar', 'small-spooled', writeTarCase(bytes, { gzip: true, spool: true }));
      await keep('tar', 'small-cut', writeTarCase(bytes, { gzip: true, cut: 150 }));
    }
    if (kind === 'tar.gz') await keep('tar', 'small-gzipped', writeTarCase(bytes, { gzipped: true }));
  }
  const files = [...call.files].map(([name, data]) => ({
    name: Buffer.from(name),
    data: data.subarray(0, 1200),
  }));
  await keep('metadata', 'small', writeFileList(files));
  const onlyMetadata = files.filter(({ name }) => name.toString().endsWith('.json'));
  await keep('metadata', 'bare', writeFileList(onlyMetadata));
  for (const { fileName, bytes } of await hostileArchives()) {
    if (bytes === undefined || bytes.length > 14_000) continue;
    const name = basename(fileName)
      .replace(/[^\w.-]/g, '_')
      .slice(0, 40);
    const starts = bytes[0] === 0x1f && bytes[1] === 0x8b;
    if (bytes[0] === 0x50) await keep('zip', `hostile-${name}`, bytes);
    else await keep('tar', `hostile-${name}`, writeTarCase(bytes, { gzipped: starts }));
  }
}

/** Whole calls for the command line, in every container. */
async function wholeCalls(): Promise<void> {
  const pieces = [
    { startMs: 100, durationMs: 900 },
    { startMs: 2100, durationMs: 700 },
  ];
  const sound: TrackSpec = {
    kind: 'audio',
    bitrate: 12_000,
    dtx: true,
    impair: { loss: 0.05 },
    segments: pieces,
  };
  const picture = (codec: 'vp8' | 'vp9' | 'h264' | 'av1', more: Partial<TrackSpec> = {}): TrackSpec =>
    ({
      kind: 'video',
      codec,
      width: 64,
      height: 48,
      keyFrameEveryMs: 400,
      bitrate: 40_000,
      segments: pieces,
      ...more,
    }) as TrackSpec;
  const calls: readonly [string, Container, number, CallSpec][] = [
    ['vp8', 'zip', 0, { seed: 11, users: [{ id: 'a', sessions: [{ tracks: [sound, picture('vp8')] }] }] }],
    [
      'h264-screen',
      'tar.gz',
      1,
      {
        seed: 12,
        users: [
          { id: 'a', sessions: [{ tracks: [sound, picture('h264', { screenshare: true })] }] },
          { id: 'b', sessions: [{ tracks: [{ ...sound, impair: { red: true } }] }] },
        ],
      },
    ],
    ['vp9', 'folder', 6, { seed: 13, users: [{ id: 'a', sessions: [{ tracks: [picture('vp9'), sound] }] }] }],
    ['av1', 'tar', 3, { seed: 14, users: [{ id: 'a', sessions: [{ tracks: [picture('av1')] }] }] }],
    [
      'voices',
      'stored zip',
      4,
      {
        seed: 15,
        users: ['a', 'b'].map((id) => ({ id, sessions: [{ tracks: [sound] }, { tracks: [sound] }] })),
      },
    ],
  ];
  for (const [name, container, command, spec] of calls) {
    const { files } = await generateCall(spec);
    const listed = [...files].map(([path, data]) => ({ name: Buffer.from(path), data }));
    await keep(
      'command-line',
      name,
      writeCallCase({ container, command, patches: [], files: listed }),
      Number.POSITIVE_INFINITY,
    );
  }
  const files = unzipped(await readBytes(SHIPPED)).map(({ name, data }) => ({ name, data: startOf(data) }));
  await keep(
    'command-line',
    'shipped',
    writeCallCase({ container: 'zip', command: 2, patches: [], files }),
    Number.POSITIVE_INFINITY,
  );
}

/** Of a dump its first records, else all. */
function startOf(data: Uint8Array): Uint8Array {
  const header = dumpHeaderLength(data);
  if (header === undefined) return data;
  const last = findRecords(data, header).findLast(({ at, length }) => at + length <= LONGEST_START);
  return data.slice(0, last === undefined ? header : last.at + last.length);
}

function unzipped(zip: Uint8Array): ListedFile[] {
  return findZipEntries(zip).map(({ central, local }) => {
    const view = new DataView(central.buffer, central.byteOffset, central.byteLength);
    const start = localDataStart(local) ?? local.length;
    const data = local.subarray(start, start + view.getUint32(20, true));
    const isDeflated = view.getUint16(10, true) === 8;
    const nameLength = view.getUint16(28, true);
    return {
      name: central.slice(46, 46 + nameLength),
      data: isDeflated ? inflateRawSync(data) : data.slice(),
    };
  });
}

/** Events as Stream's API description has them, and every shape that a queue can bring them in. */
async function events(): Promise<void> {
  const life = {
    created_at: '2026-11-26T23:33:30.123456789Z',
    call_cid: 'default:standup',
    egress_id: '7c1d3a52',
  };
  const call_recording = {
    filename: 'rec_default_standup_raw_1795736010199.zip',
    url: 'https://recordings.example/rec.zip?Expires=1796945610',
    start_time: 1_795_736_010_123_456_800,
    end_time: '2026-11-26T23:34:30+01:00',
    session_id: '36be5ea6',
    recording_type: 'raw',
  };
  const named = {
    started: { type: 'call.recording_started', ...life, recording_type: 'raw' },
    failed: { type: 'call.recording_failed', ...life, recording_type: 'raw' },
    ready: { type: 'call.recording_ready', ...life, recording_type: 'raw', call_recording },
    composite: { type: 'call.recording_ready', ...life, recording_type: 'composite', call_recording },
    ended: { type: 'call.session_ended', call_cid: 'default:standup', session_id: '36be5ea6' },
  };
  for (const [name, event] of Object.entries(named)) {
    const json = Buffer.from(JSON.stringify(event));
    const base64 = gzipSync(json).toString('base64');
    const enveloped = (Message: string) => Buffer.from(JSON.stringify({ Type: 'Notification', Message }));
    await keep('webhook', name, json);
    await keep('webhook', `${name}-gzip`, gzipSync(json));
    await keep('sqs', name, json);
    await keep('sqs', `${name}-base64`, Buffer.from(base64));
    await keep('sqs', `${name}-sns`, enveloped(json.toString()));
    await keep('sqs', `${name}-sns-base64`, enveloped(base64));
  }
  const events = Object.values(named);
  const lines = events.map((event) => JSON.stringify(event)).join('\n');
  await keep('failover', 'one', Buffer.from(JSON.stringify(named.ready)));
  await keep('failover', 'array', Buffer.from(JSON.stringify(events)));
  await keep('failover', 'lines', Buffer.from(lines));
  await keep('failover', 'lines-gzip', gzipSync(lines));
  await keep('webhook', 'null', Buffer.from('null'));
  await keep('webhook', 'gzip-in-gzip', gzipSync(gzipSync('{"type":"a"}')));
  await keep('webhook', 'deep', Buffer.from(`{"type":"a","b":${'['.repeat(500)}${']'.repeat(500)}}`));
}

const folder = await import('node:fs/promises').then(({ mkdtemp }) => mkdtemp(join(tmpdir(), 'corpus-')));
await generated(folder);
await archives(folder);
await wholeCalls();
await events();
for (const path of process.argv.slice(2)) {
  await excerpt(basename(path).replace(/[.-].*/, ''), path);
}
