import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { generateCall, type TrackSpec } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { frameLinesOf, packetLinesOf, type ReadOptions } from '../../src/run/inspect-lines.ts';

async function linesOf<Line>(
  track: TrackSpec,
  lines: (
    recording: Awaited<ReturnType<typeof openRecording>>,
    options: ReadOptions,
  ) => AsyncGenerator<readonly Line[]>,
) {
  const call = await generateCall({ seed: 'lines', users: [{ id: 'ann', sessions: [{ tracks: [track] }] }] });
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-lines-'));
  try {
    const archive = join(folder, 'call.zip');
    await call.writeArchive(archive);
    await using recording = await openRecording(archive);
    const all: Line[] = [];
    for await (const batch of lines(recording, {})) all.push(...batch);
    const [truth] = call.truth.tracks;
    if (truth === undefined) throw new Error('no track');
    return { all, truth };
  } finally {
    await rm(folder, { recursive: true });
  }
}

const CAMERA: TrackSpec = {
  kind: 'video',
  codec: 'vp9',
  width: 320,
  height: 180,
  keyFrameEveryMs: 1000,
  impair: {
    loss: 0.05,
    duplicate: 0.05,
    rtx: { repairs: 0.5 },
    padding: 0.05,
    fec: { share: 0.05, on: 'own-ssrc' },
    garbage: 0.02,
  },
  segments: [{ startMs: 0, durationMs: 6000 }],
};

test('packets · each record once, and what was done with it', async () => {
  const { all, truth } = await linesOf(CAMERA, packetLinesOf);
  const counted = (fate: string) => all.filter((line) => line.fate === fate).length;
  const { counts, segments } = truth;
  const arrived = segments
    .flatMap(({ packets }) => packets)
    .reduce((sum, { arrivalsMs }) => sum + arrivalsMs.length, 0);
  expect(all).toHaveLength(arrived + counts.reports);
  expect(counted('report')).toBe(counts.reports);
  expect(counted('repaired')).toBe(counts.recoveredByRtx);
  expect(counted('duplicate')).toBe(counts.duplicated);
  expect(counted('malformed')).toBe(counts.garbage);
  expect(counted('fec')).toBe(counts.fec);
  expect(counted('padding')).toBe(counts.padding);
  const [first] = segments[0]?.packets ?? [];
  expect(all.find(({ sequence }) => sequence === first?.sequence)).toMatchObject({
    ssrc: first?.ssrc,
    timestamp: first?.rtpTimestamp,
    temporal: 0,
    spatial: 0,
  });
});

test.each(['ulpfec', 'flexfec-03'] as const)('packets · what %s brought back', async (scheme) => {
  const impair = { loss: 0.08, protect: { scheme, packets: 4 } };
  const { all, truth } = await linesOf({ ...CAMERA, rtp: { mtu: 300 }, impair }, packetLinesOf);
  const { fec, recoveredByFec } = truth.counts;
  expect(recoveredByFec).toBeGreaterThan(5);
  const ofFec = all.filter(({ fate }) => fate === 'fec' || fate === 'repaired');
  expect(ofFec).toHaveLength(fec);
  const repairing = all.filter(({ repairedByFec }) => repairedByFec !== undefined);
  expect(repairing.reduce((sum, line) => sum + (line.repairedByFec ?? 0), 0)).toBe(recoveredByFec);
  expect(repairing.every(({ fate }) => fate === 'repaired')).toBe(true);
});

test('packets · key frames begin where they do', async () => {
  const { all, truth } = await linesOf({ ...CAMERA, impair: {} }, packetLinesOf);
  const keys = truth.frames.filter(({ key }) => key).map(({ rtpTimestamp }) => rtpTimestamp);
  expect(keys.length).toBeGreaterThan(4);
  expect(all.filter(({ keyFrame }) => keyFrame).map(({ timestamp }) => timestamp)).toEqual(keys);
});

test('frames · those that can be shown, with size, key and loss', async () => {
  const { all, truth } = await linesOf(CAMERA, frameLinesOf);
  const shown = truth.frames.filter(({ decodable }) => decodable);
  expect(all.map(({ timestamp, size, keyFrame }) => [timestamp, size, keyFrame])).toEqual(
    shown.map(({ rtpTimestamp, data, key }) => [rtpTimestamp, data.length, key]),
  );
  const spanMs = (shown.at(-1)?.captureMs ?? 0) - (shown[0]?.captureMs ?? 0);
  expect(Math.abs((all.at(-1)?.mediaMs ?? 0) - spanMs)).toBeLessThan(1);
  expect(all.some(({ lossBefore }) => lossBefore > 0)).toBe(true);
});
