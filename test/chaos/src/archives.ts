import { generateCall, type SessionSpec } from '@rawreel/fixtures';
import type { Script } from './scripts.ts';

/**
 * Writes the archive of a recording: a second or two of one person, of a few real encodes, from which the network has lost packets
 * that it has lost of no other recording. So the files that are made of it are its own, byte by byte.
 */
export async function writeArchive(path: string, seed: string, { index, hasPicture }: Script): Promise<void> {
  const audio = {
    kind: 'audio',
    impair: { loss: 0.1 },
    segments: [{ startMs: 100, durationMs: 2000 }],
  } as const;
  const video = {
    kind: 'video',
    codec: 'vp8',
    width: 160,
    height: 120,
    fps: 15,
    impair: { loss: 0.05 },
    segments: [{ startMs: 200, durationMs: 1600 }],
  } as const;
  const session: SessionSpec = { tracks: hasPicture ? [audio, video] : [audio] };
  const users = [{ id: `person-${index}`, sessions: [session] }];
  const call = await generateCall({ seed: `${seed}/${index}`, callId: `archive-${index}`, users });
  await call.writeArchive(path);
}
