import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type FileMap, generateCall, packFiles } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { inspectRecording } from '../../src/run/inspect-recording.ts';
import { camera } from './inspected.ts';

/** Behind the first octet of VP9's descriptor and a picture id (RFC 9628 §4.2); I and L are set in all that are generated. */
function layersAt(payload: Buffer): number {
  const flags = payload[0] ?? 0;
  expect(flags & 0xa0).toBe(0xa0);
  return ((payload[1] ?? 0) & 0x80) === 0 ? 2 : 3;
}

/** Pictures alternate between temporal layers 0 and 1, as senders of L1T2 have it; counts the packets of each. */
function inTwoTemporalLayers(files: FileMap): { files: Map<string, Uint8Array>; counts: number[] } {
  const counts = [0, 0];
  const all = new Map<string, Uint8Array>();
  for (const [name, bytes] of files) {
    const dump = Buffer.from(bytes);
    all.set(name, dump);
    if (!name.endsWith('.rtpdump')) continue;
    let picture = -1;
    let last: number | undefined;
    for (let at = dump.indexOf(0x0a) + 17; at < dump.length; at += dump.readUInt16BE(at)) {
      if (dump.readUInt16BE(at + 2) === 0) continue;
      const rtp = dump.subarray(at + 8, at + dump.readUInt16BE(at));
      if (rtp.readUInt32BE(4) !== last) picture++;
      last = rtp.readUInt32BE(4);
      const payload = rtp.subarray(16 + 4 * rtp.readUInt16BE(14));
      const layers = layersAt(payload);
      payload[layers] = ((payload[layers] ?? 0) & 0x1f) | ((picture % 2) << 5);
      counts[picture % 2] = (counts[picture % 2] ?? 0) + 1;
    }
  }
  return { files: all, counts };
}

test('temporal layers · packets by those that they name', async () => {
  const call = await generateCall({
    seed: 'temporal',
    users: [{ id: 'ann', sessions: [{ tracks: [camera({ codec: 'vp9' })] }] }],
  });
  const { files, counts } = inTwoTemporalLayers(call.files);
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-layers-'));
  try {
    const archive = join(folder, 'call.zip');
    await writeFile(archive, packFiles(files, 'zip'));
    await using recording = await openRecording(archive);
    const { tracks } = await inspectRecording(recording);
    expect(Math.min(...counts)).toBeGreaterThan(50);
    expect(tracks[0]?.picture?.layers).toEqual({ '0/0': counts[0], '1/0': counts[1] });
    expect(tracks[0]?.picture?.simulcast).toEqual([]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
