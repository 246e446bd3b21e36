import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRecording } from '@rawreel/archive';
import { type CallSpec, type CallTruth, type FileMap, generateCall, type TrackSpec } from '@rawreel/fixtures';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { type InspectOptions, inspectRecording } from '../../src/run/inspect-recording.ts';

/** A generated call, what is true of it, and what inspecting it says. */
export async function inspected(
  spec: CallSpec,
  options: InspectOptions = {},
): Promise<{ readonly inspection: Inspection; readonly truth: CallTruth; readonly files: FileMap }> {
  const call = await generateCall(spec);
  const folder = await mkdtemp(join(tmpdir(), 'rawreel-inspect-'));
  try {
    const archive = join(folder, 'call.zip');
    await call.writeArchive(archive);
    await using recording = await openRecording(archive);
    const inspection = await inspectRecording(recording, options);
    return { inspection, truth: call.truth, files: call.files };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** One track of one person. */
export async function inspectedTrack(track: TrackSpec, seed = 'inspect') {
  const { inspection, truth, files } = await inspected({
    seed,
    users: [{ id: 'ann', sessions: [{ tracks: [track] }] }],
  });
  const [measured] = inspection.tracks;
  const [real] = truth.tracks;
  if (measured === undefined || real === undefined) throw new Error('no track');
  return { measured, real, inspection, files };
}

/** A microphone for twelve seconds. */
export const voice = (more: object = {}): TrackSpec => ({
  kind: 'audio',
  segments: [{ startMs: 0, durationMs: 12_000 }],
  ...more,
});

/** A camera for eight seconds. */
export const camera = (more: object = {}): TrackSpec => ({
  kind: 'video',
  codec: 'vp8',
  width: 320,
  height: 180,
  fps: 25,
  segments: [{ startMs: 0, durationMs: 8000 }],
  ...more,
});
