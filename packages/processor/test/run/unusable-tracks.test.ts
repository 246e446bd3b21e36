import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type GeneratedCall, generateCall, packFiles, type TrackTruth } from '@rawreel/fixtures';
import { probePackets, watchVideo } from '@rawreel/fixtures/judge';
// The built package: its worker threads load built files.
import { type PlanRequest, planRecording, type Report, type RunOptions, runPlan } from '@rawreel/processor';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

let folder: string;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-unusable-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A microphone and a camera of alice, and a microphone of bob. */
const callOf = (codec: 'vp8' | 'h264' = 'vp8') =>
  generateCall({
    seed: 11,
    users: [
      {
        id: 'alice',
        sessions: [
          {
            tracks: [
              { kind: 'audio', segments: [{ startMs: 200, durationMs: 2000 }] },
              {
                kind: 'video',
                codec,
                width: 160,
                height: 96,
                segments: [{ startMs: 300, durationMs: 2000 }],
              },
            ],
          },
        ],
      },
      {
        id: 'bob',
        sessions: [{ tracks: [{ kind: 'audio', segments: [{ startMs: 500, durationMs: 2000 }] }] }],
      },
    ],
  });

const trackOf = ({ truth }: GeneratedCall, userId: string, kind: 'audio' | 'video'): TrackTruth => {
  const track = truth.tracks.find((one) => one.userId === userId && one.kind === kind);
  if (track === undefined) throw new Error(`${userId} has no ${kind}`);
  return track;
};

interface Sent {
  readonly offsetMs: number;
  /** 0 for RTCP. */
  readonly plen: number;
  readonly bytes: Buffer;
}

/** The same dump with its records as `edit` leaves them. */
function edited(dump: Uint8Array, edit: (record: Sent, index: number) => Sent | undefined): Buffer {
  const source = Buffer.from(dump);
  const start = source.indexOf(0x0a) + 17;
  const parts: Buffer[] = [source.subarray(0, start)];
  let index = 0;
  for (let at = start; at < source.length; at += source.readUInt16BE(at)) {
    const length = source.readUInt16BE(at);
    const record = {
      offsetMs: source.readUInt32BE(at + 4),
      plen: source.readUInt16BE(at + 2),
      bytes: source.subarray(at + 8, at + length),
    };
    const left = edit(record, index++);
    if (left === undefined) continue;
    const head = Buffer.alloc(8);
    head.writeUInt16BE(8 + left.bytes.length, 0);
    head.writeUInt16BE(left.plen, 2);
    head.writeUInt32BE(left.offsetMs, 4);
    parts.push(head, left.bytes);
  }
  return Buffer.concat(parts);
}

/** RTP packets of the fixed header and this; reports as they are. */
const withPayload =
  (payloadOf: (bytes: Buffer) => readonly number[]) =>
  (record: Sent): Sent => {
    if (record.plen === 0) return record;
    const header = Buffer.from(record.bytes.subarray(0, 12));
    header[0] = 0x80;
    const bytes = Buffer.concat([header, Buffer.from(payloadOf(record.bytes))]);
    return { ...record, plen: bytes.length, bytes };
  };

/** A code 3 packet of no frames (RFC 6716 §3.2.5). */
const invalidOpus = withPayload(() => [0xff, 0x00]);

type Files = Map<string, Uint8Array>;

function editDump(files: Files, track: TrackTruth, edit: Parameters<typeof edited>[1]): void {
  const [segment] = track.segments;
  const dump = files.get(segment?.dump ?? '');
  if (segment === undefined || dump === undefined) throw new Error('no dump');
  files.set(segment.dump, edited(dump, edit));
}

function editText(files: Files, name: string | undefined, edit: (text: string) => string): void {
  files.set(name ?? '', Buffer.from(edit(Buffer.from(files.get(name ?? '') ?? '').toString())));
}

async function run(
  files: Files,
  request: PlanRequest,
  options: Partial<RunOptions> = {},
): Promise<{ report: Report; output: string }> {
  const output = join(folder, `${++count}`);
  const path = join(folder, `${++count}.zip`);
  await writeFile(path, await packFiles(files, 'zip'));
  await using recording = await openRecording(path);
  const report = await runPlan(planRecording(recording, request), { madeBy: 'test', output, ...options });
  return { report, output };
}

const EVERYTHING = { outputs: ['audio', 'video', 'muxed', 'mix'], mix: { format: 'wav' } } as const;
const failuresOf = ({ failures }: Report) => failures.map(({ kind, userId, code }) => [kind, userId, code]);
const problemsOf = ({ problems }: Report) =>
  problems.map(({ code, severity, userId }) => [code, severity, userId]);
const kindsOf = ({ files }: Report) =>
  files.map((file) => [file.kind, 'userId' in file ? file.userId : undefined]);

const soundOf = ({ truth }: GeneratedCall): string[] =>
  truth.tracks.filter(({ kind }) => kind === 'audio').map(({ trackId }) => trackId);

async function filesInH265(): Promise<Files> {
  const call = await callOf();
  const files = new Map(call.files);
  for (const name of files.keys())
    if (name.endsWith('.json'))
      editText(files, name, (text) => text.replaceAll(/video\/vp8/gi, 'video/H265'));
  const { segments } = trackOf(call, 'alice', 'video');
  editText(files, segments[0]?.sdp, (text) => text.replace('VP8/90000', 'H265/90000'));
  return files;
}

describe.each([1, 3])('a track of which nothing comes, %i at work', (workers) => {
  test('a voice of invalid packets fails, and is told where it is missing', async () => {
    const call = await callOf();
    const files = new Map(call.files);
    editDump(files, trackOf(call, 'alice', 'audio'), invalidOpus);
    const { report } = await run(files, EVERYTHING, { workers });
    expect(failuresOf(report)).toEqual([['audio', 'alice', 'ERR_NO_MEDIA']]);
    expect(report.failures[0]?.message).toMatch(/none of its 100 packets is valid Opus/);
    expect(kindsOf(report)).toEqual([
      ['video', 'alice'],
      ['audio', 'bob'],
      ['muxed', 'alice'],
      ['mix', undefined],
    ]);
    expect(problemsOf(report).filter(([code]) => code !== 'TRACK_UNPAIRED')).toEqual([
      ['TRACK_NOT_MUXED', 'damage', 'alice'],
      ['TRACK_NOT_MIXED', 'damage', 'alice'],
    ]);
  });

  test('pictures that are no VP8 fail, and the sound is muxed without them', async () => {
    const call = await callOf();
    const files = new Map(call.files);
    editDump(
      files,
      trackOf(call, 'alice', 'video'),
      withPayload(() => [0x10, 0xff, 0xff, 0xff]),
    );
    const { report } = await run(files, EVERYTHING, { workers });
    expect(failuresOf(report)).toEqual([['video', 'alice', 'ERR_NO_MEDIA']]);
    expect(report.failures[0]?.message).toMatch(/^alice video .*key frame|missing packets/);
    expect(problemsOf(report)).toContainEqual(['TRACK_NOT_MUXED', 'damage', 'alice']);
    expect(kindsOf(report)).toContainEqual(['muxed', 'alice']);
  });

  test('H264 without parameter sets is named as that', async () => {
    const call = await callOf('h264');
    const camera = trackOf(call, 'alice', 'video');
    const files = new Map(call.files);
    const isSet = (bytes: Buffer) => [7, 8, 24].includes((bytes[12] ?? 0) & 0x1f);
    editDump(files, camera, (record) => (record.plen > 0 && isSet(plain(record.bytes)) ? undefined : record));
    editText(files, camera.segments[0]?.sdp, (text) => text.replace(/sprop-parameter-sets=[^;\r]*/, ''));
    const { report } = await run(files, { outputs: ['video'] }, { workers });
    expect(failuresOf(report)).toEqual([['video', 'alice', 'ERR_NO_MEDIA']]);
    expect(report.failures[0]?.message).toMatch(/no parameter sets \(SPS and PPS\)/);
  });

  test('a codec that is not supported fails as that, and is no damage', async () => {
    const { report } = await run(await filesInH265(), EVERYTHING, { workers });
    expect(failuresOf(report)).toEqual([['video', 'alice', 'ERR_CODEC_UNSUPPORTED']]);
    expect(problemsOf(report)).toContainEqual(['CODEC_UNSUPPORTED', 'notice', 'alice']);
    expect(problemsOf(report)).toContainEqual(['TRACK_NOT_MUXED', 'notice', 'alice']);
    expect(report.damaged).toBe(false);
    expect(kindsOf(report)).toEqual([
      ['audio', 'alice'],
      ['audio', 'bob'],
      ['muxed', 'alice'],
      ['mix', undefined],
    ]);
  });

  test('what was never sent is no failure', async () => {
    const call = await callOf();
    const padding = ({ offsetMs, plen, bytes }: Sent): Sent => {
      const header = Buffer.from(bytes.subarray(0, 12));
      header[0] = 0xa0;
      return plen === 0
        ? { offsetMs, plen, bytes }
        : { offsetMs, plen: 16, bytes: Buffer.concat([header, Buffer.from([0, 0, 0, 4])]) };
    };
    for (const edit of [padding, () => undefined]) {
      const files = new Map(call.files);
      editDump(files, trackOf(call, 'alice', 'audio'), edit);
      const { report } = await run(files, EVERYTHING, { workers });
      expect(report.failures).toEqual([]);
      expect(report.damaged).toBe(false);
      expect(report.problems.filter(({ code }) => code.startsWith('DUMP_NO_'))).toMatchObject([
        { severity: 'notice', userId: 'alice' },
      ]);
      expect(kindsOf(report)).toEqual([
        ['video', 'alice'],
        ['audio', 'bob'],
        ['muxed', 'alice'],
        ['mix', undefined],
      ]);
    }
  });
});

/** Without header extensions. */
function plain(bytes: Buffer): Buffer {
  const first = bytes[0] ?? 0;
  const start = 12 + ((first & 0x10) === 0 ? 0 : 4 + 4 * bytes.readUInt16BE(14));
  return Buffer.concat([bytes.subarray(0, 12), bytes.subarray(start)]);
}

test('a mix of which no voice has anything fails, and so does what is made for a transcriber', async () => {
  const call = await callOf();
  const files = new Map(call.files);
  for (const user of ['alice', 'bob']) editDump(files, trackOf(call, user, 'audio'), invalidOpus);
  const { report } = await run(files, { outputs: ['mix', 'transcription'], mix: { format: 'wav' } });
  expect(report.files).toEqual([]);
  expect(new Set(report.failures.map(({ code }) => code))).toEqual(new Set(['ERR_NO_MEDIA']));
  expect(report.failures.map(({ kind }) => kind).sort()).toEqual([
    'mix',
    'turns',
    'turns',
    'turns',
    'voice',
    'voice',
  ]);
});

test('a proxy whose pictures are not supported fails for that, whatever was heard; no timeline names it', async () => {
  const { report, output } = await run(await filesInH265(), { outputs: ['editor'] });
  expect(failuresOf(report)).toEqual([['proxy', 'alice', 'ERR_CODEC_UNSUPPORTED']]);
  expect(report.files.filter(({ kind }) => kind === 'stem')).toHaveLength(2);
  const texts = report.files.filter(({ kind }) => kind === 'timeline').map(({ path }) => join(output, path));
  expect(texts).toHaveLength(6);
  for (const text of texts) expect(await readFile(text, 'utf8')).not.toContain('proxy_');
});

test('a stem of invalid packets fails, and no timeline names it', async () => {
  const call = await callOf();
  const files = new Map(call.files);
  editDump(files, trackOf(call, 'bob', 'audio'), invalidOpus);
  const { report, output } = await run(files, { outputs: ['editor'], trackId: soundOf(call) });
  expect(failuresOf(report)).toEqual([['stem', 'bob', 'ERR_NO_MEDIA']]);
  const otio = report.files.find(({ path }) => path.endsWith('.otio'));
  const text = await readFile(join(output, otio?.path ?? ''), 'utf8');
  expect(text).toContain('_alice_');
  expect(text).not.toContain('_bob_');
});

test('a video whose SDP describes sound only is whole, and the contradiction is told', async () => {
  const call = await callOf();
  const camera = trackOf(call, 'alice', 'video');
  const files = new Map(call.files);
  editText(
    files,
    camera.segments[0]?.sdp,
    () => 'v=0\r\nm=audio 9 RTP/AVP 111\r\na=rtpmap:111 opus/48000/2\r\n',
  );
  const { report } = await run(files, { outputs: ['video'] });
  expect(report.failures).toEqual([]);
  expect(report.files).toMatchObject([{ kind: 'video', codec: 'vp8', frames: camera.frames.length }]);
  expect(problemsOf(report)).toEqual([['CODEC_CONTRADICTED', 'notice', 'alice']]);
});

test('a sender that changes its codec within a segment gets a file of each, whole', async () => {
  const [call, other] = [await callOf('vp8'), await callOf('h264')];
  const [first, second] = [trackOf(call, 'alice', 'video'), trackOf(other, 'alice', 'video')];
  const files = new Map(call.files);
  const name = first.segments[0]?.dump ?? '';
  const tail = edited(
    other.files.get(second.segments[0]?.dump ?? '') ?? new Uint8Array(),
    ({ plen, bytes, offsetMs }) => {
      if (plen === 0) return undefined;
      const renamed = Buffer.from(bytes);
      renamed[1] = ((renamed[1] ?? 0) & 0x80) | 127;
      renamed.writeUInt32BE(0x1234, 8);
      return { plen, bytes: renamed, offsetMs: offsetMs + 2500 };
    },
  );
  files.set(
    name,
    Buffer.concat([files.get(name) ?? Buffer.alloc(0), tail.subarray(tail.indexOf(0x0a) + 17)]),
  );
  editText(files, first.segments[0]?.sdp, (text) =>
    text.replace(/(m=video .*?)\r\n/, '$1 127\r\n').concat('a=rtpmap:127 H264/90000\r\n'),
  );
  const { report, output } = await run(files, { outputs: ['video', 'muxed'] });
  expect(report.failures).toEqual([]);
  const made = report.files.flatMap((file) => (file.kind === 'video' ? [file] : []));
  expect(made.map(({ codec, frames }) => [codec, frames])).toEqual([
    ['vp8', first.frames.length],
    ['h264', second.frames.length],
  ]);
  expect((made[1]?.offsetMs ?? 0) - (made[0]?.offsetMs ?? 0)).toBeCloseTo(2500, -2);
  expect(problemsOf(report)).toEqual([
    ['TRACK_UNPAIRED', 'notice', 'bob'],
    ['CODEC_CHANGES', 'notice', 'alice'],
  ]);
  for (const file of made) expect((await watchVideo(join(output, file.path))).errors).toEqual([]);
  // Another codec that the SDP names and nobody sent is nothing to speak of.
  const unsent = await run(new Map([...files, [name, call.files.get(name) ?? new Uint8Array()]]), {
    outputs: ['video'],
  });
  expect(unsent.report.files.map((file) => file.kind === 'video' && file.codec)).toEqual(['vp8']);
  expect([...unsent.report.failures, ...unsent.report.problems]).toEqual([]);
});

test('records that the capture cut short are told as that, and what is around them is made', async () => {
  const call = await callOf();
  const voice = trackOf(call, 'bob', 'audio');
  const files = new Map(call.files);
  let cut = 0;
  editDump(files, voice, (record) => {
    if (record.plen === 0 || ++cut % 10 !== 0) return record;
    return { ...record, bytes: record.bytes.subarray(0, 20) };
  });
  const { report } = await run(files, { outputs: ['audio'], userId: 'bob' });
  expect(problemsOf(report)).toEqual([['DUMP_CUT_RECORDS', 'damage', 'bob']]);
  expect(report.problems[0]?.message).toMatch(/10 of \d+ records are cut short/);
  expect(report.files).toMatchObject([{ kind: 'audio', frames: 90 }]);
});

test('packets that are no Opus among others are told, and the others made', async () => {
  const call = await callOf();
  const files = new Map(call.files);
  let sent = 0;
  editDump(files, trackOf(call, 'bob', 'audio'), (record) =>
    record.plen > 0 && ++sent % 10 === 0 ? invalidOpus(record) : record,
  );
  const { report } = await run(files, { outputs: ['audio'], userId: 'bob' });
  expect(problemsOf(report)).toEqual([['DUMP_INVALID_PACKETS', 'damage', 'bob']]);
  expect(report.files).toMatchObject([{ kind: 'audio', frames: 90 }]);
});

test('the end of a segment that its dump lacks is among the gaps', async () => {
  const call = await callOf();
  const files = new Map(call.files);
  editDump(files, trackOf(call, 'bob', 'audio'), (record) => (record.offsetMs > 1200 ? undefined : record));
  const { report, output } = await run(files, { outputs: ['audio'] });
  const [alice, bob] = report.files;
  expect(alice).toMatchObject({ gaps: [] });
  const [tail, ...others] = bob?.kind === 'audio' ? bob.gaps : [];
  expect(others).toEqual([]);
  expect(tail).toMatchObject({ reason: 'tail-missing', filledWith: 'nothing' });
  expect((tail?.endMs ?? 0) - (tail?.startMs ?? 0)).toBeCloseTo(780, -2);
  expect((await probePackets(join(output, bob?.path ?? ''), 'a:0')).length).toBe(60);
});
