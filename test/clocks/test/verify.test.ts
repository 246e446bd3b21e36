import { describe, expect, test } from 'vitest';
import { CLASSES } from '../src/classes.ts';
import { type Seen, verifyCalls } from '../src/verify-calls.ts';

/** A false alarm withholds a good file, so each class has some more calls than its bounds are tested with. */
const CALLS = 6;

/** Share of the plainly misplaced tracks that verifying must name, where all calls have reports. */
const SEEN: Readonly<Record<string, Partial<Record<'straight' | 'cut', number>>>> = {
  'rate up to 1 %': { straight: 0.8, cut: 0.8 },
  'stalls 60-250 ms': { straight: 0.9 },
  'stalls to 10 s': { straight: 0.8, cut: 0.7 },
  'standing mutes': { straight: 0.75 },
  'ticks jump': { straight: 0.75 },
  freezes: { cut: 0.9 },
};

describe.each(CLASSES.map((of) => [of.name, of] as const))('%s', (name, of) => {
  let seen: Seen | undefined;
  const calls = () => {
    seen ??= verifyCalls(of, 1, CALLS);
    return seen;
  };

  test('verifying names nothing that is placed as well as is stated', () => {
    const { solved, pairs } = calls();
    expect(solved.tracks).toBeGreaterThanOrEqual(3 * CALLS);
    expect([solved.falselyNamed, pairs.falselyNamed]).toEqual([0, 0]);
  });

  for (const [way, share] of Object.entries(SEEN[name] ?? {}))
    test(`verifying names what is placed ${way === 'cut' ? 'anew behind each pause' : 'by ticks alone'}`, () => {
      const { plain, plainNamed } = calls()[way as 'straight' | 'cut'];
      expect(plain).toBeGreaterThan(0);
      expect(plainNamed / plain).toBeGreaterThanOrEqual(share);
    });
});

test('verifying names a voice and a camera that are 150 ms apart', () => {
  const [clean] = CLASSES;
  const { sessions, lateNamed } = verifyCalls(clean ?? expect.fail(), 1, CALLS).pairs;
  expect([sessions, lateNamed]).toEqual([CALLS, CALLS]);
});
