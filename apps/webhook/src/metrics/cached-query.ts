/** Scrapes of several Prometheus servers, and all gauges of one scrape, are one question. */
const LEAST_MS = 5000;
/** A question that takes long is asked so seldom that it takes a twentieth of the time. */
const SHARE = 20;

/** The answer of `ask`, which is asked again when its answer has become old; a failure is as good as an answer. */
export function cachedQuery<T>(ask: () => Promise<T>, now: () => number = () => performance.now()) {
  let answer: Promise<T> | undefined;
  let holdsUntil = Number.POSITIVE_INFINITY;
  return (): Promise<T> => {
    if (answer !== undefined && now() < holdsUntil) return answer;
    const askedAt = now();
    holdsUntil = Number.POSITIVE_INFINITY;
    answer = ask();
    const settled = () => {
      holdsUntil = now() + Math.max(LEAST_MS, SHARE * (now() - askedAt));
    };
    answer.then(settled, settled);
    return answer;
  };
}
