import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type FileMap, generateCall, packFiles, type TrackSpec } from '@rawreel/fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { captureRecording } from '../../src/run/inspect-lines.ts';
import { inspectRecording } from '../../src/run/inspect-recording.ts';

let folder = '';
let capture = '';
let inspection: Inspection;

const impair = { loss: 0.03, reorder: { probability: 0.02, withinMs: 60 } };

const TRACKS: readonly TrackSpec[] = [
  { kind: 'audio', network: { jitterMs: 9 }, impair, segments: [{ startMs: 0, durationMs: 12_000 }] },
  {
    kind: 'video',
    codec: 'vp8',
    width: 320,
    height: 180,
    network: { jitterMs: 6 },
    impair: { ...impair, rtx: { repairs: 0.5 } },
    segments: [{ startMs: 200, durationMs: 9000 }],
  },
];

/** The files with dumps changed record by record: `change` gets the bytes and where each record begins (its length, 2 bytes). */
function changed(files: FileMap, change: (dump: Uint8Array, records: readonly number[]) => void) {
  return new Map(
    [...files].map(([name, bytes]) => {
      if (!name.endsWith('.rtpdump')) return [name, bytes];
      const copy = bytes.slice();
      const view = new DataView(copy.buffer);
      const records: number[] = [];
      for (let at = copy.indexOf(0x0a) + 17; at < copy.length; at += view.getUint16(at)) records.push(at);
      change(copy, records);
      return [name, copy];
    }),
  );
}

/** tshark leaves packets with a marker bit out of its largest and mean values: of a camera, the last of each picture. */
const withoutMarkers = (files: FileMap) =>
  changed(files, (dump, records) => {
    for (const at of records)
      if ((dump[at + 2] ?? 0) + (dump[at + 3] ?? 0) > 0) dump[at + 9] = (dump[at + 9] ?? 0) & 0x7f;
  });

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-capture-'));
  const call = await generateCall({
    seed: 'capture',
    users: [
      { id: 'ann\u202e<b>', sessions: [{ tracks: TRACKS }] },
      { id: 'bob', sessions: [{ tracks: [TRACKS[0] as TrackSpec] }] },
    ],
  });
  const archive = join(folder, 'call.zip');
  capture = join(folder, 'call.pcapng');
  await writeFile(archive, packFiles(withoutMarkers(call.files), 'zip'));
  await using recording = await openRecording(archive);
  inspection = await inspectRecording(recording);
  const file = createWriteStream(capture);
  for await (const piece of captureRecording(recording)) file.write(piece);
  file.end();
  await once(file, 'finish');
});
afterAll(() => rm(folder, { recursive: true }));

const tshark = (...args: readonly string[]): string =>
  execFileSync('tshark', ['-r', capture, ...args], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] });

/** Rows of `-z rtp,streams`: ports, payload, packets, lost, deltas and jitters in ms. */
function streams() {
  return tshark('-q', '-z', 'rtp,streams')
    .split('\n')
    .filter((line) => line.includes('0x'))
    .map((line) => {
      const columns = line.trim().split(/\s+/);
      const ssrc = columns.findIndex((word) => word.startsWith('0x'));
      const percent = columns.findIndex((word) => /^\(.*%\)$/.test(word));
      const numbers = columns.slice(percent + 1).map(Number);
      return {
        port: Number(columns[ssrc - 1]),
        payload: columns.slice(ssrc + 1, percent - 2).join(' '),
        packets: Number(columns[percent - 2]),
        lost: Number(columns[percent - 1]),
        deltaMean: numbers[1],
        deltaMax: numbers[2],
        jitterMean: numbers[4],
        jitterMax: numbers[5],
      };
    });
}

test('tshark · reads the file without a complaint, each packet as RTP, RTCP or SAP', () => {
  const protocols = new Set(tshark('-T', 'fields', '-e', '_ws.col.Protocol').trim().split('\n'));
  expect([...protocols].sort()).toEqual(['OPUS', 'RTCP', 'RTP', 'SAP/SDP', 'VP8']);
  expect(tshark('-Y', '_ws.malformed').trim()).toBe('');
  expect(tshark('-Y', 'ip.checksum.status == "Bad"', '-o', 'ip.check_checksum:TRUE').trim()).toBe('');
});

test('tshark · an interface per track, by name and without what turns text around', () => {
  const names = tshark('-T', 'fields', '-e', 'frame.interface_name').trim().split('\n');
  const [first] = inspection.tracks;
  expect(new Set(names).size).toBe(3);
  expect(names[0]).toBe(`ann\\u202e<b> audio ${first?.trackId}`);
});

test('tshark · packets in the order of time, from the recording’s zero on', () => {
  const times = tshark('-T', 'fields', '-e', 'frame.time_epoch').trim().split('\n').map(Number);
  expect(times).toEqual(times.toSorted((a, b) => a - b));
  expect(Math.abs((times[0] ?? 0) * 1000 - Date.parse(inspection.zeroAt))).toBeLessThan(1);
});

test('tshark’s RTP statistics · agree with ours within rounding: loss, time between packets, jitter', () => {
  const judged = streams();
  for (const [index, track] of inspection.tracks.entries()) {
    const media = judged.find(
      ({ port, payload }) =>
        port === 10_000 + 2 * index && !/rtx/i.test(payload) && !/type-97/i.test(payload),
    );
    expect(media?.payload.toLowerCase()).toContain(track.codec);
    expect(media?.packets).toBe(track.packets.received);
    expect(media?.lost).toBe(track.packets.lost);
    expect(Math.abs((media?.deltaMax ?? 0) - track.delta.maxMs)).toBeLessThan(0.02);
    expect(Math.abs((media?.deltaMean ?? 0) - track.delta.meanMs)).toBeLessThan(0.02);
    expect(Math.abs((media?.jitterMax ?? 0) - track.jitter.maxMs)).toBeLessThan(0.02);
    expect(Math.abs((media?.jitterMean ?? 0) - track.jitter.meanMs)).toBeLessThan(0.02);
  }
});

test('arrivals that go back in a damaged dump · all packets are there, each once', async () => {
  const { files } = await generateCall({
    seed: 'back',
    users: [{ id: 'ann', sessions: [{ tracks: TRACKS }] }],
  });
  let count = 0;
  const damaged = changed(files, (dump, records) => {
    count += records.length;
    dump.fill(0, (records.at(-1) ?? 0) + 4, (records.at(-1) ?? 0) + 8);
  });
  const archive = join(folder, 'back.zip');
  await writeFile(archive, packFiles(damaged, 'zip'));
  await using recording = await openRecording(archive);
  const pieces: Uint8Array[] = [];
  for await (const piece of captureRecording(recording)) pieces.push(piece);
  await writeFile(capture, Buffer.concat(pieces));
  const protocols = tshark('-T', 'fields', '-e', '_ws.col.Protocol').trim().split('\n');
  expect(count).toBeGreaterThan(800);
  expect(protocols.filter((protocol) => protocol !== 'SAP/SDP')).toHaveLength(count);
});

test('anonymous · no id in the file, nor the names that senders have in RTCP (RFC 3550 §6.5.1)', async () => {
  const call = await generateCall({
    seed: 'anonymous capture',
    users: [{ id: 'ann-secret', sessions: [{ tracks: TRACKS }] }],
  });
  const archive = join(folder, 'anonymous.zip');
  await call.writeArchive(archive);
  await using recording = await openRecording(archive);
  const captured = async (anonymous: boolean) => {
    const pieces: Uint8Array[] = [];
    for await (const piece of captureRecording(recording, { anonymous })) pieces.push(piece);
    return Buffer.concat(pieces).toString('latin1');
  };
  const named = await captured(false);
  const names = new Set(named.match(/cn-[0-9a-f]{8}/g));
  expect(names.size).toBeGreaterThan(0);
  const file = await captured(true);
  expect(file).toContain('person-1 audio track-1');
  const ids = call.truth.tracks.flatMap(({ sessionId, trackId }) => [sessionId, trackId]);
  for (const name of [...names, ...ids, 'ann-secret']) expect(file).not.toContain(name);
});
