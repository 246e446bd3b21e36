import { withoutUndefined } from '@rawreel/text';
import { MOST_PROBLEMS_PER_CODE } from './bounds.ts';
import type { ArchiveProblem, ArchiveProblemCode } from './recording.ts';

/** A problem as it is found: what is not known of its place is undefined. */
type FoundProblem = Pick<ArchiveProblem, 'code' | 'severity' | 'message'> & {
  readonly [Place in Exclude<keyof ArchiveProblem, 'code' | 'severity' | 'message'>]?: string | undefined;
};

/** Problems as they are found, of bounded number: a hostile archive can have one for each of its entries. */
export class ProblemList {
  readonly #problems: ArchiveProblem[] = [];
  readonly #counts = new Map<
    string,
    { code: ArchiveProblemCode; severity: ArchiveProblem['severity']; count: number }
  >();

  add(problem: FoundProblem): void {
    const key = `${problem.code} ${problem.severity}`;
    const kind = this.#counts.get(key) ?? { code: problem.code, severity: problem.severity, count: 0 };
    kind.count += 1;
    this.#counts.set(key, kind);
    if (kind.count <= MOST_PROBLEMS_PER_CODE) this.#problems.push(withoutUndefined(problem));
  }

  toArray(): ArchiveProblem[] {
    const rest: ArchiveProblem[] = [];
    for (const { code, severity, count } of this.#counts.values()) {
      if (count <= MOST_PROBLEMS_PER_CODE) continue;
      rest.push({
        code,
        severity,
        message: `${count - MOST_PROBLEMS_PER_CODE} more of the same kind are not listed`,
      });
    }
    return [...this.#problems, ...rest];
  }
}
