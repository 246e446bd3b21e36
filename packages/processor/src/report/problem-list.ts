import type { TrackProblem } from '../track-problem.ts';

/** As many as somebody may want to read of one kind; an archive can have one for each of a hundred thousand segments. */
const MOST_PER_CODE = 1000;

interface Kind {
  readonly code: TrackProblem['code'];
  readonly severity: TrackProblem['severity'];
  count: number;
}

/** Problems as they are found, each once, of bounded number. */
export class ProblemList {
  readonly #problems = new Map<string, TrackProblem>();
  readonly #kinds = new Map<string, Kind>();

  add(problems: Iterable<TrackProblem>): void {
    for (const problem of problems) {
      const identity = JSON.stringify(problem);
      if (this.#problems.has(identity)) continue;
      const { code, severity } = problem;
      const key = `${code} ${severity}`;
      const kind = this.#kinds.get(key) ?? { code, severity, count: 0 };
      this.#kinds.set(key, kind);
      kind.count++;
      if (kind.count <= MOST_PER_CODE) this.#problems.set(identity, problem);
    }
  }

  /** Of what is not listed, how much there is. */
  list(): TrackProblem[] {
    const rest = [...this.#kinds.values()].filter(({ count }) => count > MOST_PER_CODE);
    const uncounted = rest.map(({ code, severity, count }) => {
      const message = `${count - MOST_PER_CODE} more of the same kind are not listed`;
      return { code, severity, message };
    });
    return [...this.#problems.values(), ...uncounted];
  }
}
