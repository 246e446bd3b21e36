import type { Codec } from '@rawreel/rtp';
import { ProcessorError } from '../processor-error.ts';
import type { Container, PlannedTrack } from './plan.ts';

const HOLDS: Readonly<Record<Container, ReadonlySet<Codec>>> = {
  mkv: new Set(['opus', 'vp8', 'vp9', 'h264', 'av1']),
  mp4: new Set(['opus', 'vp9', 'h264', 'av1']),
  webm: new Set(['opus', 'vp8', 'vp9', 'av1']),
};

const NAMES: Readonly<Record<Container, string>> = { mkv: 'MKV', mp4: 'MP4', webm: 'WebM' };

/** @throws {ProcessorError} ERR_CONTAINER_CODEC where the container cannot hold a track's codec, naming those that can. */
export function checkContainer({ segments, userId }: PlannedTrack, container: Container): void {
  const codec = segments.find((segment) => segment.codec !== undefined)?.codec;
  if (codec === undefined || HOLDS[container].has(codec)) return;
  const others = (Object.keys(HOLDS) as Container[]).filter((other) => HOLDS[other].has(codec));
  throw new ProcessorError(
    'ERR_CONTAINER_CODEC',
    `${NAMES[container]} cannot hold ${codec.toUpperCase()}, the video of ${JSON.stringify(userId)}`,
    { hint: `Use --container ${others.join(' or ')}: nothing is re-encoded.` },
  );
}
