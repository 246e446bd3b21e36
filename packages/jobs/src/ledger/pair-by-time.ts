/** A recording of which only the egress id is known. */
export interface LooseEgress {
  readonly id: string;
  readonly beginsMs?: number | undefined;
  readonly endsMs?: number | undefined;
}

/** A recording of which only the file is known, or one of which both are. */
export interface TimedFile {
  readonly id: string;
  readonly beginsMs: number;
  readonly endsMs?: number | undefined;
}

/** The time that an event says and the one that the list says are taken apart from each other: a file may begin so much before its egress. */
export const START_SLACK_MS = 2000;

/**
 * Which egress a file belongs to, where no event has said it: a call has one raw recording at a time, so a file belongs to the
 * egress that started nearest to the file's beginning, before the file ends, and had not stopped when it began. A recording of known names that began between the two parts them.
 *
 * The answer depends on the sets alone, not on the order in which anything was heard of.
 *
 * @returns id of the file by id of the egress
 */
export function pairByTime(
  egresses: readonly LooseEgress[],
  files: readonly TimedFile[],
  whole: readonly TimedFile[],
): ReadonlyMap<string, string> {
  const pairs = new Map<string, string>();
  for (const file of files.toSorted((a, b) => a.beginsMs - b.beginsMs || compare(a.id, b.id))) {
    const [nearest] = egresses
      .filter((egress) => !pairs.has(egress.id) && canBe(egress, file) && !isParted(egress, file, whole))
      .sort(byNearnessTo(file));
    if (nearest) pairs.set(nearest.id, file.id);
  }
  return pairs;
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);

function canBe({ beginsMs, endsMs }: LooseEgress, file: TimedFile): boolean {
  if (beginsMs === undefined && endsMs === undefined) return false;
  const latestMs = Math.min(file.beginsMs + START_SLACK_MS, file.endsMs ?? Infinity);
  return (beginsMs ?? latestMs) <= latestMs && (endsMs ?? file.beginsMs) >= file.beginsMs;
}

function isParted({ beginsMs }: LooseEgress, file: TimedFile, whole: readonly TimedFile[]): boolean {
  return (
    beginsMs !== undefined &&
    whole.some((other) => other.beginsMs > beginsMs && other.beginsMs < file.beginsMs)
  );
}

/** The nearest start first; of those that only a stop is known of, the earliest stop. */
const byNearnessTo =
  (file: TimedFile) =>
  (one: LooseEgress, other: LooseEgress): number => {
    const farness = ({ beginsMs = -Infinity }: LooseEgress) => Math.abs(beginsMs - file.beginsMs);
    return (
      farness(one) - farness(other) ||
      (one.endsMs ?? Infinity) - (other.endsMs ?? Infinity) ||
      compare(one.id, other.id)
    );
  };
