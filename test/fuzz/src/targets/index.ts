import type { Target } from '../engine/target.ts';
import { metadataTarget, tarTarget, zipTarget } from './archives.ts';
import { depacketizerTargets } from './depacketizers.ts';
import { mediaStreamTarget } from './media-stream.ts';
import { rtcpTarget } from './rtcp.ts';
import { rtpTarget } from './rtp.ts';
import { rtpdumpTarget } from './rtpdump.ts';
import { sdpTarget } from './sdp.ts';
import { sqsTarget, webhookTarget } from './webhooks.ts';

/** One for each reader of foreign bytes. */
export const targets: readonly Target[] = [
  rtpdumpTarget,
  rtpTarget,
  rtcpTarget,
  sdpTarget,
  mediaStreamTarget,
  ...depacketizerTargets,
  zipTarget,
  tarTarget,
  metadataTarget,
  webhookTarget,
  sqsTarget,
];
