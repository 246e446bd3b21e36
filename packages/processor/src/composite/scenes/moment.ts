import type { Span } from '../../plan/scene-list.ts';
import type { Cast, CastMember, CastSource } from './cast.ts';
import { lastBegun, spanAt } from './spans.ts';

/** A place is kept so long for who has gone: people come back from a reconnect. */
export const LINGER_MS = 2000;

/** Who says less than this, a yes or a cough, is not shown for it. */
const SHORTEST_WORD_MS = 1000;

/** A cast by user: thousands of moments are asked. */
export class CastIndex {
  readonly members: ReadonlyMap<string, CastMember>;
  readonly shares: readonly CastSource[];
  readonly cameras: ReadonlyMap<string, readonly CastSource[]>;

  constructor({ members, sources }: Cast) {
    this.members = new Map(members.map((member) => [member.userId, member]));
    this.shares = sources.filter(({ isShare }) => isShare);
    this.cameras = Map.groupBy(
      sources.filter(({ isShare }) => !isShare),
      ({ userId }) => userId,
    );
  }
}

/** A cast at one moment. */
export class Moment {
  readonly #cast: CastIndex;
  readonly #atMs: number;
  /** Who is there, in the order in which they came. */
  readonly present: readonly string[];

  constructor(cast: CastIndex, atMs: number) {
    this.#cast = cast;
    this.#atMs = atMs;
    this.present = [...cast.members.values()]
      .filter(({ present }) => {
        const last = lastBegun(present, atMs);
        return last !== undefined && atMs < last.endMs + LINGER_MS;
      })
      .map(({ userId }) => userId);
  }

  /** Screens that are shared, the one shared last in front. */
  get shares(): readonly CastSource[] {
    return this.#cast.shares
      .flatMap((source) => {
        const on = spanAt(source.on, this.#atMs);
        return on === undefined ? [] : [{ source, since: on.startMs }];
      })
      .sort((a, b) => b.since - a.since)
      .map(({ source }) => source);
  }

  /** The camera of a user that has begun last. */
  camera(userId: string): CastSource | undefined {
    let found: CastSource | undefined;
    let since = Number.NEGATIVE_INFINITY;
    for (const source of this.#cast.cameras.get(userId) ?? []) {
      const on = spanAt(source.on, this.#atMs);
      if (on !== undefined && on.startMs > since) [found, since] = [source, on.startMs];
    }
    return found;
  }

  isSpeaking(userId: string): boolean {
    return this.#turn(userId) !== undefined;
  }

  /** Has the word, and says more than a word with it. */
  hasTheFloor(userId: string): boolean {
    const turn = this.#turn(userId);
    return turn !== undefined && turn.endMs - turn.startMs >= SHORTEST_WORD_MS;
  }

  /** How long the user goes on speaking. */
  speaksOnMs(userId: string): number {
    const turn = this.#turn(userId);
    return turn === undefined ? 0 : turn.endMs - this.#atMs;
  }

  /** When the user was heard last, as far as that is known by now. */
  heardMs(userId: string): number {
    const turns = this.#cast.members.get(userId)?.turns ?? [];
    const last = lastBegun(turns, this.#atMs);
    return last === undefined ? Number.NEGATIVE_INFINITY : Math.min(last.endMs, this.#atMs);
  }

  #turn(userId: string): Span | undefined {
    return spanAt(this.#cast.members.get(userId)?.turns ?? [], this.#atMs);
  }
}
