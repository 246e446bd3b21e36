import type { Recording } from '@rawreel/archive';
import type { Plan } from './plan.ts';

/** What a plan says of its recording, whatever is made of it. */
export const planHead = (recording: Recording): Pick<Plan, 'version' | 'source' | 'call' | 'zeroUnixMs'> => ({
  version: 1,
  source: recording.source,
  call: {
    type: recording.callType,
    id: recording.callId,
    sessionId: recording.callSessionId,
    ...(recording.callStartMs === undefined ? {} : { startMs: recording.callStartMs }),
  },
  ...(recording.zeroUnixMs === undefined ? {} : { zeroUnixMs: recording.zeroUnixMs }),
});

/** What times in names are of, unix ms: the call's start and the recording's, each the other's where it is not known. */
export const namedMs = ({ callStartMs, zeroUnixMs }: Recording) => ({
  timestampMs: callStartMs ?? zeroUnixMs ?? 0,
  recordedMs: zeroUnixMs ?? callStartMs ?? 0,
});
