import type { Ledger, RecordingSummary } from '@rawreel/jobs';
import { printable } from '@rawreel/text';
import type { OnWarning } from './warning.ts';

/** The most urgent come first; the others are told once these are done. */
const MOST_TOLD = 1000;

/** Warns and notifies of recordings that are not done and soon gone, each once for the time at which it will be. */
export class ExpiryWarnings {
  readonly #ledger: Ledger;
  readonly #warnBeforeMs: number;
  readonly #onWarning: OnWarning;
  #told = new Map<string, number | undefined>();

  constructor(ledger: Ledger, warnBeforeMs: number, onWarning: OnWarning) {
    this.#ledger = ledger;
    this.#warnBeforeMs = warnBeforeMs;
    this.#onWarning = onWarning;
  }

  async tell(nowMs: number): Promise<void> {
    const expiring = await this.#ledger.expiringBefore(nowMs + this.#warnBeforeMs, MOST_TOLD);
    // What other processes have notified of already, the ledger knows.
    await this.#ledger.warnExpiring(expiring.filter((recording) => !isIn(this.#told, recording)));
    const told = this.#told;
    // Before any is told: two apps' looks may end at the same time.
    this.#told = new Map(expiring.map(({ id, expiresAtMs }) => [id, expiresAtMs]));
    for (const recording of expiring)
      if (!isIn(told, recording))
        this.#onWarning({ code: 'expiring', recording, message: messageOf(recording, nowMs) });
  }
}

const isIn = (
  told: ReadonlyMap<string, number | undefined>,
  { id, expiresAtMs }: RecordingSummary,
): boolean => told.has(id) && told.get(id) === expiresAtMs;

function messageOf({ filename, callCid, expiresAtMs = 0, state }: RecordingSummary, nowMs: number): string {
  const verb = expiresAtMs > nowMs ? 'expires' : 'expired';
  const time = new Date(expiresAtMs).toISOString();
  return `${printable(`${filename} of ${callCid}`)} ${verb} at ${time} and is not done: ${state}`;
}
