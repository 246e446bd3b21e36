import type { Utterance } from './transcript.ts';

/** The utterances in which all these words stand, in any order and case, also within longer ones; in order. */
export function searchUtterances(utterances: readonly Utterance[], words: string): readonly Utterance[] {
  const wanted = folded(words).split(/\s+/).filter(Boolean);
  return utterances.filter(({ text }) => {
    const said = folded(text);
    return wanted.length > 0 && wanted.every((word) => said.includes(word));
  });
}

const folded = (text: string): string => text.normalize('NFKC').toLowerCase();
