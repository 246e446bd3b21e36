import type { Target } from '../engine/target.ts';
import { metadataTarget, tarTarget, zipTarget } from './archives.ts';
import { commandLineTarget } from './command-line.ts';
import { depacketizerTargets } from './depacketizers.ts';
import { mediaStreamTarget } from './media-stream.ts';
import { rtcpTarget } from './rtcp.ts';
import { rtpTarget } from './rtp.ts';
import { rtpdumpTarget } from './rtpdump.ts';
import { sdpTarget } from './sdp.ts';
import { failoverTarget, sqsTarget, webhookTarget } from './webhooks.ts';

/** One for each reader of foreign bytes, and one for all of them behind the command. */
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
  commandLineTarget,
  webhookTarget,
  sqsTarget,
  failoverTarget,
];
