import type { Caption, Captions, DisplayName } from './plan.ts';

/**
 * Captions of those who are in a film. Where somebody is left out, so are their words, and those of whom nobody says whose they
 * are: a speaker is known by user id, or by the name that the film has for them.
 */
export function captionsOf(
  { language, cues }: Captions,
  seen: ReadonlySet<string>,
  isEverybody: boolean,
  names: Readonly<Record<string, DisplayName>>,
): Captions {
  if (isEverybody) return { language, cues };
  const called = new Set(
    [...seen].flatMap((userId) => [userId, (Object.hasOwn(names, userId) && names[userId]?.name) || userId]),
  );
  return { language, cues: cues.filter((cue) => isOf(cue, seen, called)) };
}

function isOf(
  { userId, speaker, text }: Caption,
  seen: ReadonlySet<string>,
  called: ReadonlySet<string>,
): boolean {
  if (userId !== undefined) return seen.has(userId);
  // SubRip has no speakers: a name stands before the words.
  return called.has(speaker ?? text.slice(0, Math.max(0, text.indexOf(': '))));
}
