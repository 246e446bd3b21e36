import type { TrackProblem } from '../track-problem.ts';

interface Ids {
  readonly userId: string;
  readonly sessionId: string;
  readonly trackId: string;
}

/** Gives ids names that say nothing: the same to the same, in the order in which they come. */
export class Anonymous {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();

  name(kind: 'person' | 'session' | 'track', id: string): string {
    const key = `${kind} ${id}`;
    const known = this.#names.get(key);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    const name = `${kind}-${number}`;
    this.#names.set(key, name);
    return name;
  }

  track<Track extends Ids>(track: Track): Track {
    return {
      ...track,
      userId: this.name('person', track.userId),
      sessionId: this.name('session', track.sessionId),
      trackId: this.name('track', track.trackId),
    };
  }

  /** Its message names entries, which are named after people. */
  problem({ code, severity, userId, sessionId, trackId }: TrackProblem): TrackProblem {
    return {
      code,
      severity,
      message: code,
      ...(userId === undefined ? {} : { userId: this.name('person', userId) }),
      ...(sessionId === undefined ? {} : { sessionId: this.name('session', sessionId) }),
      ...(trackId === undefined ? {} : { trackId: this.name('track', trackId) }),
    };
  }
}
