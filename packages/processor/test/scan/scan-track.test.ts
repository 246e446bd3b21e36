import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, generateCall } from '@rawreel/fixtures';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { planRecording } from '../../src/plan/plan-recording.ts';
import { type ScanTap, scanTrack } from '../../src/scan/scan-track.ts';

let folder = '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rawreel-scan-'));
});
afterAll(() => rm(folder, { recursive: true }));

type Tracks = CallSpec['users'][number]['sessions'][number]['tracks'];

let count = 0;

/** The tracks of one person's call, planned, and what is true of them. */
async function planned(tracks: Tracks) {
  const call = await generateCall({ seed: 4, users: [{ id: 'ann', sessions: [{ tracks }] }] });
  const archive = join(folder, `${++count}.zip`);
  await call.writeArchive(archive);
  const recording = await openRecording(archive);
  const { tracks: own } = planRecording(recording, { outputs: ['audio', 'video'] });
  return { own, truth: call.truth.tracks, archive };
}

const voice = (more: object = {}): Tracks => [
  { kind: 'audio', segments: [{ startMs: 0, durationMs: 2000 }], ...more },
];

const read = { onBytes: () => undefined };

describe('a scan', () => {
  test('one stream · one run, its packets, times and reports on the server’s clock', async () => {
    const { own, truth } = await planned(voice({ reports: { everyMs: 500 } }));
    const [scan] = await scanTrack(own[0]?.segments ?? [], read);
    const [segment] = truth[0]?.segments ?? [];
    expect(scan).toMatchObject({
      stereo: false,
      layers: [],
      otherCodecs: [],
      problems: [],
      unusable: undefined,
    });
    expect(scan?.runs).toHaveLength(1);
    expect(scan?.runs[0]).toMatchObject({ packets: 100, segment: 0, run: 0, reportsFrom: 'dump' });
    expect(scan?.runs[0]?.reports.map(({ ntpMs }) => Math.round(ntpMs))).toEqual(
      segment?.reports.map(({ ntpUnixMs }) => Math.round(ntpUnixMs)),
    );
    expect(scan?.statistics).toMatchObject({ received: 100, lost: 0, foreign: 0 });
  });

  test('a new SSRC in mid-segment · a run each', async () => {
    const { own } = await planned(voice({ impair: { ssrcChanges: [{ atMs: 1000 }] } }));
    const [scan] = await scanTrack(own[0]?.segments ?? [], read);
    expect(scan?.runs.map(({ packets }) => packets)).toEqual([50, 50]);
    expect(new Set(scan?.runs.map(({ ssrc }) => ssrc)).size).toBe(2);
  });

  test('a segment without a dump · nothing, and no problem of the scan’s', async () => {
    const { own } = await planned(voice());
    const [segment] = own[0]?.segments ?? [];
    if (segment === undefined) throw new Error('no segment');
    const { dump: _dump, ...bare } = segment;
    expect(await scanTrack([bare], read)).toMatchObject([{ runs: [], statistics: undefined, problems: [] }]);
  });

  test('records that are no RTP · counted, named with their entry, the rest used', async () => {
    const { own, truth } = await planned(voice({ impair: { garbage: 0.1 } }));
    const [scan] = await scanTrack(own[0]?.segments ?? [], read);
    const garbage = truth[0]?.counts.garbage ?? 0;
    expect(garbage).toBeGreaterThan(5);
    const { malformed, cut } = scan?.statistics ?? { malformed: 0, cut: 0 };
    expect(malformed).toBe(garbage);
    expect(scan?.problems.at(-1)).toMatchObject({
      code: 'DUMP_GARBAGE_RECORDS',
      severity: 'damage',
      entry: own[0]?.segments[0]?.dump?.name,
      message: expect.stringContaining(`${garbage - cut} of `),
    });
    expect(scan?.runs[0]?.packets).toBe(100);
  });

  test('a tap · sees every packet, and holds up the reading while it works', async () => {
    const { own } = await planned(voice());
    const seen: string[] = [];
    const tap: ScanTap = {
      packet: () => seen.push('packet'),
      chunk: async () => {
        await new Promise((resolve) => setImmediate(resolve));
        seen.push('chunk');
      },
    };
    await scanTrack(own[0]?.segments ?? [], { ...read, onBytes: () => seen.push('bytes'), tap });
    expect(seen.filter((what) => what === 'packet')).toHaveLength(100);
    expect(seen.lastIndexOf('chunk')).toBe(seen.lastIndexOf('bytes') - 1);
  });

  test('a copy · of what is deflated, byte by byte, and its path with the scan', async () => {
    const { own } = await planned(voice());
    const spool = { folder, prefix: `spool-${++count}`, always: false };
    const [scan] = await scanTrack(own[0]?.segments ?? [], { ...read, spool });
    const copy = await readFile(scan?.spool ?? '');
    expect(copy.length).toBe(own[0]?.segments[0]?.dump?.size);
    expect(copy.subarray(0, 12).toString()).toBe('#!rtpplay1.0');
  });

  test('bytes that begin as no rtpdump does · a problem, and no run', async () => {
    const { own } = await planned(voice());
    const [segment] = own[0]?.segments ?? [];
    const dump = own[0]?.segments[0]?.dump;
    if (segment === undefined || dump === undefined) throw new Error('no dump');
    const sdp = await scanTrack([{ ...segment, dump: { ...dump, size: 3 } }], { ...read, maxEntrySize: 3 });
    expect(sdp[0]?.runs).toEqual([]);
    expect(sdp[0]?.problems.map(({ severity }) => severity)).toContain('damage');
  });
});
