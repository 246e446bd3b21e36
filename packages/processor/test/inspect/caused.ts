import type { CallSpec, SessionSpec, TrackSpec, UserSpec } from '@rawreel/fixtures';
import type { Cause } from '../../src/inspect/inspection.ts';
import { inspected, camera as shortCamera, voice as shortVoice } from './inspected.ts';

export const LENGTH_MS = 40_000;

const segments = [{ startMs: 0, durationMs: LENGTH_MS }];

export const voice = (more: object = {}): TrackSpec => shortVoice({ segments, ...more });

export const camera = (more: object = {}): TrackSpec =>
  shortCamera({ fps: 20, keyFrameEveryMs: 2000, segments, ...more });

export const user = (
  id: string,
  tracks: readonly TrackSpec[],
  session: Partial<SessionSpec> = {},
): UserSpec => ({
  id,
  sessions: [{ ...session, tracks }],
});

export async function causesOf(
  users: readonly UserSpec[],
  call: Partial<CallSpec> = {},
): Promise<readonly Cause[]> {
  const { inspection } = await inspected({ seed: 'causes', ...call, users });
  return inspection.causes;
}

export const told = (cause: Cause | undefined, measure: string) => cause?.evidence[measure];

export const named = (causes: readonly Cause[]) =>
  causes.map(({ cause, userId }) => `${cause} ${userId ?? '-'}`);

/** Both tracks of a participant, over one network. */
export const behind = (network: object, impair: object = {}) => [
  voice({ network, impair }),
  camera({ network, impair }),
];

export const outage = (fromMs: number, toMs: number) => ({ outages: [{ fromMs, toMs }] });
