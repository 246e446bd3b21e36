import type { Codec } from '@rawreel/rtp';
import { expect, test } from 'vitest';
import { checkContainer } from '../../src/plan/containers.ts';
import type { Container, PlannedTrack } from '../../src/plan/plan.ts';

const video = (codec: Codec): PlannedTrack => ({
  userId: 'alice',
  sessionId: 's-1',
  trackId: 't-1',
  trackType: 'TRACK_TYPE_VIDEO',
  kind: 'video',
  screenshare: false,
  segments: [{ base: 'x', codec, timing: {} }],
});

const CODECS: readonly Codec[] = ['opus', 'vp8', 'vp9', 'h264', 'av1'];

test.each<[Container, readonly Codec[]]>([
  ['mkv', []],
  ['mp4', ['vp8']],
  ['webm', ['h264']],
])('%s refuses %j, and names what holds it', (container, refused) => {
  for (const codec of CODECS) {
    const check = () => checkContainer(video(codec), container);
    if (refused.includes(codec)) {
      expect(check).toThrow(
        expect.objectContaining({ code: 'ERR_CONTAINER_CODEC', hint: expect.stringContaining('mkv') }),
      );
    } else expect(check).not.toThrow();
  }
});
