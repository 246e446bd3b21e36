import { expect, test } from 'vitest';
import { captionsOf } from '../../src/plan/captions-of.ts';

const cue = (text: string, whose: { readonly speaker?: string; readonly userId?: string } = {}) => ({
  startMs: 0,
  endMs: 1,
  text,
  ...whose,
});

const CUES = [
  cue('by id', { userId: 'alice', speaker: 'Somebody' }),
  cue('by the name in the film', { speaker: 'Alice Liddell' }),
  cue('alice: before the words'),
  cue('nobody says whose'),
  cue('left out by id', { userId: 'bob', speaker: 'Alice Liddell' }),
  cue('left out by name', { speaker: 'Bob' }),
  cue('bob: left out before the words'),
];
const NAMES = { alice: { name: 'Alice Liddell' }, bob: { name: 'Bob' } };

test('where somebody is left out of a film, their words are not read either, nor what nobody owns', () => {
  const { cues, language } = captionsOf({ language: 'en', cues: CUES }, new Set(['alice']), false, NAMES);
  expect(cues.map(({ text }) => text)).toEqual([
    'by id',
    'by the name in the film',
    'alice: before the words',
  ]);
  expect(language).toBe('en');
});

test('of everybody all captions are kept, also without a speaker', () => {
  expect(captionsOf({ cues: CUES }, new Set(['alice', 'bob']), true, {}).cues).toEqual(CUES);
});
