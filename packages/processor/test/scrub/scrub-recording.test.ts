import { createWriteStream } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openEntry, openRecording } from '@rawreel/archive';
import { type CallSpec, generateCall, hostileArchives, packFiles } from '@rawreel/fixtures';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { inspectRecording } from '../../src/run/inspect-recording.ts';
import { runPlan } from '../../src/run/run-plan.ts';
import { scrubRecording } from '../../src/scrub/scrub-recording.ts';

let folder = '';
let count = 0;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-scrub-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function scrubbed(archive: string): Promise<string> {
  const copy = join(folder, `scrubbed-${++count}.zip`);
  await using recording = await openRecording(archive);
  await pipeline(Readable.from(scrubRecording(recording), { objectMode: true }), createWriteStream(copy));
  return copy;
}

async function generated(spec: CallSpec): Promise<string> {
  const call = await generateCall(spec);
  const archive = join(folder, `call-${++count}.zip`);
  await call.writeArchive(archive);
  return archive;
}

/** What inspecting says, but for the call's name and what was wrong with the container, which the headline tells, too. */
async function inspectionOf(archive: string): Promise<Partial<Inspection>> {
  await using recording = await openRecording(archive);
  const {
    call: _call,
    problems: _problems,
    headline: _headline,
    ...measures
  } = await inspectRecording(recording, { anonymous: true, workers: 1 });
  return measures;
}

/** What extracting reports, but for ids, names and what files weigh. */
async function reportOf(archive: string) {
  await using recording = await openRecording(archive);
  const plan = planRecording(recording, { outputs: ['audio', 'video'] });
  const output = join(folder, `out-${++count}`);
  const { files } = await runPlan(plan, { output, madeBy: 'test', workers: 1 });
  return files.map(({ path, byteLength, sha256, ...facts }) => ({
    ...facts,
    userId: '',
    sessionId: '',
    trackId: '',
  }));
}

const impair = {
  loss: 0.03,
  rtx: { repairs: 0.5 },
  reorder: { probability: 0.02, withinMs: 40 },
  duplicate: 0.02,
  fec: { share: 0.05, on: 'own-ssrc' as const },
  garbage: 0.02,
};

const camera = (codec: 'vp8' | 'vp9' | 'h264' | 'av1') => ({
  kind: 'video' as const,
  codec,
  width: 320,
  height: 180,
  impair,
  segments: [{ startMs: 0, durationMs: 3000 }],
});

/** Packets are lost, overtake each other and the FEC that protects them. */
const guarded = (codec: 'vp8' | 'h264' | 'av1', scheme: 'ulpfec' | 'flexfec-03') => ({
  ...camera(codec),
  rtp: { mtu: 400 },
  impair: { loss: 0.06, reorder: { probability: 0.1, withinMs: 60 }, protect: { scheme, packets: 4 } },
});

const sound = (more: object) => ({
  kind: 'audio' as const,
  speech: [{ fromMs: 500, toMs: 3000 }],
  segments: [{ startMs: 0, durationMs: 5000 }],
  ...more,
});

test.each([
  ['vp8', [camera('vp8')]],
  ['vp9', [camera('vp9')]],
  ['h264', [camera('h264')]],
  ['av1', [camera('av1')]],
  ['vp8 in RED with ULPFEC', [guarded('vp8', 'ulpfec')]],
  ['h264 in RED with ULPFEC', [guarded('h264', 'ulpfec')]],
  ['av1 with FlexFEC', [guarded('av1', 'flexfec-03')]],
  ['opus in DTX', [sound({ dtx: true, impair: { loss: 0.05 } })]],
  [
    'opus in RED, of 60 ms, told by its own flags',
    [sound({ impair: { loss: 0.05, red: true }, frameMs: 60, application: 'voip', audioLevels: false })],
  ],
  ['opus, told by sizes', [sound({ audioLevels: false })]],
] as const)('%s · the copy is inspected and extracted alike', async (title, tracks) => {
  const archive = await generated({ seed: 'scrub', users: [{ id: 'ann', sessions: [{ tracks }] }] });
  const copy = await scrubbed(archive);
  const measures = await inspectionOf(archive);
  const repaired = measures.tracks?.[0]?.repairs.fec.repaired ?? 0;
  expect(repaired > 5).toBe(/(ULP|Flex)FEC/.test(title));
  expect(await inspectionOf(copy)).toEqual(measures);
  expect(await reportOf(copy)).toEqual(await reportOf(archive));
});

test('a sender that changes its codec within a dump · each is blanked as what it is', async () => {
  const [first, second] = await Promise.all(
    (['vp8', 'h264'] as const).map((codec) =>
      generateCall({ seed: 'changes', users: [{ id: 'ann', sessions: [{ tracks: [camera(codec)] }] }] }),
    ),
  );
  const [from, to] = [first, second].map((call) => call?.truth.tracks[0]?.segments[0]);
  if (from === undefined || to === undefined) throw new Error('no segment');
  const files = new Map(first?.files);
  const behind = renumbered(Buffer.from(second?.files.get(to.dump) ?? []), 3500);
  files.set(from.dump, Buffer.concat([files.get(from.dump) ?? new Uint8Array(), behind]));
  const sdp = Buffer.from(files.get(from.sdp) ?? []).toString();
  files.set(
    from.sdp,
    Buffer.from(sdp.replace(/(m=video .*?)\r\n/, '$1 127\r\n').concat('a=rtpmap:127 H264/90000\r\n')),
  );
  const archive = join(folder, 'changes.zip');
  await writeFile(archive, packFiles(files, 'zip'));
  const measures = await inspectionOf(archive);
  expect(measures.tracks?.map(({ codec, picture }) => [codec, (picture?.shown ?? 0) > 10])).toEqual([
    ['vp8', true],
    ['h264', true],
  ]);
  const copy = await scrubbed(archive);
  expect(await inspectionOf(copy)).toEqual(measures);
  expect(await reportOf(copy)).toEqual(await reportOf(archive));
});

/** The RTP records of a dump's first payload type, as of another source and payload type, and later. */
function renumbered(dump: Buffer, laterMs: number): Buffer {
  const records: Buffer[] = [];
  let payloadType: number | undefined;
  for (let at = dump.indexOf(0x0a) + 17; at < dump.length; at += dump.readUInt16BE(at)) {
    const record = Buffer.from(dump.subarray(at, at + dump.readUInt16BE(at)));
    if (record.readUInt16BE(2) === 0) continue;
    const second = record[9] ?? 0;
    payloadType ??= second & 0x7f;
    if ((second & 0x7f) !== payloadType) continue;
    record[9] = (second & 0x80) | 127;
    record.writeUInt32BE(0x1234, 16);
    record.writeUInt32BE(record.readUInt32BE(4) + laterMs, 4);
    records.push(record);
  }
  return Buffer.concat(records);
}

test('the sample call of a real browser · alike, and a tenth of its size', async () => {
  const archive = join(import.meta.dirname, '../../../../test/samples/chromium-call.zip');
  const copy = await scrubbed(archive);
  expect(await inspectionOf(copy)).toEqual(await inspectionOf(archive));
  const [before, after] = await Promise.all([readFile(archive), readFile(copy)]);
  expect(after.length).toBeLessThan(before.length / 8);
});

test('damaged archives that can be opened · their dumps are as damaged in the copy', async () => {
  let compared = 0;
  for (const hostile of await hostileArchives()) {
    const { name } = hostile;
    const archive = await hostile.write(await mkdtemp(join(folder, 'hostile-')));
    const measures = await inspectionOf(archive).catch(() => undefined);
    if (measures === undefined) continue;
    expect(await inspectionOf(await scrubbed(archive)), name).toEqual(measures);
    compared++;
  }
  expect(compared).toBeGreaterThan(5);
});

test('nothing of it is left · no id, no address, no picture', async () => {
  const id = 'alice-secret';
  const call = await generateCall({
    seed: 'left',
    callId: 'secret-call',
    users: [{ id, sessions: [{ tracks: [camera('vp8'), sound({})] }] }],
  });
  const archive = join(folder, 'left.zip');
  await call.writeArchive(archive);
  const copy = await scrubbed(archive);
  await using recording = await openRecording(copy);
  expect(JSON.stringify(recording)).not.toContain('secret');
  const dumps: Buffer[] = [];
  for (const { segments } of recording.tracks)
    for (const { dump, sdp } of segments) {
      expect(sdp).toMatch(/^a=rtpmap/m);
      expect(sdp).not.toMatch(/cname|msid|candidate|ufrag|fingerprint|127\.0/i);
      if (dump !== undefined) for await (const chunk of openEntry(dump)) dumps.push(Buffer.from(chunk));
    }
  const all = Buffer.concat(dumps);
  for (const { sessionId, trackId, frames } of call.truth.tracks) {
    expect(all.includes(sessionId) || all.includes(trackId) || all.includes(id)).toBe(false);
    // Behind the headers of a picture, and the flags of a packet.
    for (const { data } of frames.slice(0, 20)) {
      const inner = Buffer.from(data.subarray(Math.min(80, data.length >> 1), 140));
      if (inner.length > 16) expect(all.includes(inner)).toBe(false);
    }
  }
});
