import { containersOf } from '@rawreel/rtp';
import { ProcessorError } from '../processor-error.ts';
import type { Container, PlannedTrack } from './plan.ts';

const NAMES: Readonly<Record<Container, string>> = { mkv: 'MKV', mp4: 'MP4', webm: 'WebM' };

/** @throws {ProcessorError} ERR_CONTAINER_CODEC where the container cannot hold a track's codec, naming those that can. */
export function checkContainer({ segments, userId }: PlannedTrack, container: Container): void {
  const codec = segments.find((segment) => segment.codec !== undefined)?.codec;
  if (codec === undefined) return;
  const others = containersOf(codec);
  if (others.includes(container)) return;
  throw new ProcessorError(
    'ERR_CONTAINER_CODEC',
    `${NAMES[container]} cannot hold ${codec.toUpperCase()}, the video of ${JSON.stringify(userId)}`,
    { hint: `Use --container ${others.join(' or ')}: nothing is re-encoded.` },
  );
}
