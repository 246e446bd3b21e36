import { describe, expect, test } from 'vitest';
import { atOnce, inTurns, Turns } from '../src/in-turns.ts';

/** Works until it is stopped, and so for ever in one turn. */
function* endless(isStopped: () => boolean): Generator<void, string, void> {
  while (!isStopped()) yield;
  return 'stopped';
}

describe('long work in turns', () => {
  test('what else waits for the thread comes to its turn', async () => {
    let isStopped = false;
    setTimeout(() => {
      isStopped = true;
    }, 0);
    expect(
      await inTurns(
        endless(() => isStopped),
        undefined,
      ),
    ).toBe('stopped');
  });

  test('an abort ends it, with its reason', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 0);
    await expect(
      inTurns(
        endless(() => false),
        controller.signal,
      ),
    ).rejects.toBe(reason);
  });

  test('work that is not one piece · an abort is heard between two', async () => {
    const reason = new Error('enough');
    const controller = new AbortController();
    setTimeout(() => controller.abort(reason), 0);
    const turns = new Turns(controller.signal);
    const work = async () => {
      for (;;) if (turns.isOver) await turns.pass();
    };
    await expect(work()).rejects.toBe(reason);
  });

  test('at once · the same result', () => {
    let turns = 0;
    expect(atOnce(endless(() => ++turns === 1000))).toBe('stopped');
  });
});
