import type { InspectedTrack } from '../inspection.ts';
import {
  type CallMeasures,
  type Finding,
  lengthOf,
  merged,
  type Stretch,
  sessionsOf,
  whoseOf,
} from './call-measures.ts';
import { count, span, times, when } from './words.ts';

/** A shorter one is a hiccup that receivers' buffers take. */
const LEAST_MS = 600;

/** What came so much later than its timestamp says had been held by the network. */
const HELD_MS = 300;

/** Freezes so near to each other are told together. */
const TOGETHER_MS = 120_000;

/** Freezes of several participants that begin so near to each other are one. */
const AT_ONCE_MS = 1000;

/** Of those who were there: fewer may share a house, but not a server. */
const LEAST_SHARE = 0.75;

/** All tracks that a connection was sending stood at once. */
interface SessionFreeze extends Stretch {
  readonly session: readonly InspectedTrack[];
  readonly tracks: readonly InspectedTrack[];
  readonly lost: number;
  readonly heldMs: number;
}

/**
 * Freezes of the network: nothing came of any track of a connection, and then packets were missing, or came all at once. Where
 * that struck most participants in the same moment it was the server's, else the participant's.
 */
export function freezes({ tracks }: CallMeasures): Finding[] {
  const sessions = sessionsOf(tracks);
  const all = sessions.flatMap(freezesOf);
  const ofServer = new Set<SessionFreeze>();
  const gaps: Finding[] = [];
  for (const freeze of all.toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (ofServer.has(freeze)) continue;
    const same = all.filter(
      (other) => !ofServer.has(other) && Math.abs(other.fromMs - freeze.fromMs) <= AT_ONCE_MS,
    );
    const users = new Set(same.flatMap(({ session }) => session[0]?.userId ?? []));
    const there = usersAt(sessions, freeze);
    if (users.size < 2 || users.size < LEAST_SHARE * there) continue;
    for (const each of same) ofServer.add(each);
    gaps.push(serverGap(same, users.size, there));
  }
  const own = all.filter((freeze) => !ofServer.has(freeze));
  return [...gaps, ...[...Map.groupBy(own, ({ session }) => session).values()].flatMap(networkFreezes)];
}

function freezesOf(session: readonly InspectedTrack[]): SessionFreeze[] {
  const found: SessionFreeze[] = [];
  for (const stall of session.flatMap(({ stalls }) => stalls).toSorted((a, b) => a.fromMs - b.fromMs)) {
    if (lengthOf(stall) < LEAST_MS || stall.fromMs < (found.at(-1)?.untilMs ?? Number.NEGATIVE_INFINITY))
      continue;
    const sending = session.filter(({ segments }) =>
      segments.some(({ fromMs, untilMs }) => fromMs < stall.untilMs - 50 && untilMs > stall.fromMs + 50),
    );
    const together = sending.map((track) =>
      track.stalls.find(({ fromMs, untilMs }) => fromMs < stall.untilMs && untilMs > stall.fromMs),
    );
    if (together.includes(undefined)) continue;
    const stalls = together.filter((each) => each !== undefined);
    const fromMs = Math.max(...stalls.map((each) => each.fromMs));
    const untilMs = Math.min(...stalls.map((each) => each.untilMs));
    const lost = stalls.reduce((sum, each) => sum + each.lost, 0);
    const heldMs = Math.max(...stalls.map((each) => each.heldMs));
    if (untilMs - fromMs < LEAST_MS || (lost === 0 && heldMs < HELD_MS)) continue;
    found.push({ session, tracks: sending, fromMs, untilMs, lost, heldMs });
  }
  return found;
}

const usersAt = (sessions: readonly (readonly InspectedTrack[])[], { fromMs, untilMs }: Stretch): number =>
  new Set(
    sessions.flatMap((session) =>
      session.some(({ segments }) => segments.some((each) => each.fromMs < untilMs && each.untilMs > fromMs))
        ? (session[0]?.userId ?? [])
        : [],
    ),
  ).size;

function serverGap(same: readonly SessionFreeze[], users: number, there: number): Finding {
  const fromMs = Math.min(...same.map((each) => each.fromMs));
  const untilMs = Math.max(...same.map((each) => each.untilMs));
  const lost = same.reduce((sum, each) => sum + each.lost, 0);
  return {
    cause: 'server-gap',
    confidence: users > 2 ? 'high' : 'medium',
    trackIds: same.flatMap(({ tracks }) => tracks.map(({ trackId }) => trackId)),
    fromMs,
    untilMs,
    times: [{ fromMs, untilMs }],
    evidence: { participants: users, present: there, lost, longestMs: untilMs - fromMs },
    sentence: `nothing came from ${users === there ? `any of ${count(there, 'participant')}` : `${users} of ${count(there, 'participant')}`} for ${span(untilMs - fromMs)} ${when({ fromMs, untilMs })}: what they have in common is the server, or the way to its recorder; ${count(lost, 'packet')} lost`,
  };
}

function networkFreezes(all: readonly SessionFreeze[]): Finding[] {
  return merged(all, TOGETHER_MS).map((stretch) => {
    const those = all.filter(({ fromMs }) => fromMs >= stretch.fromMs && fromMs <= stretch.untilMs);
    const tracks = [...new Set(those.flatMap((each) => each.tracks))];
    const lost = those.reduce((sum, each) => sum + each.lost, 0);
    const longestMs = Math.max(...those.map(lengthOf));
    const heldMs = Math.round(Math.max(0, ...those.map((each) => each.heldMs)));
    const together =
      ['', 'the only track stood', 'both tracks stood together'][tracks.length] ??
      `all ${tracks.length} tracks stood together`;
    const then = lost > 0 ? `${count(lost, 'packet')} lost` : `all came ${span(heldMs)} late`;
    const longest = those.length > 1 ? ` (longest ${span(longestMs)})` : ` for ${span(longestMs)}`;
    return {
      cause: 'network-freeze',
      confidence: tracks.length > 1 ? 'high' : 'medium',
      ...whoseOf(tracks),
      ...stretch,
      times: those.map(({ fromMs, untilMs }) => ({ fromMs, untilMs })),
      evidence: { count: those.length, tracks: tracks.length, longestMs, lost, heldMs },
      sentence: `network froze ${times(those.length)} ${when(stretch)}${longest}: ${together}, ${then}`,
    } satisfies Finding;
  });
}
