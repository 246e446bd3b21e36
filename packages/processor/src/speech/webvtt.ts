import { type SpeakerTurns, turnsInOrder } from './speaker-turns.ts';

/** Where nobody has a name: a voice span needs one (W3C WebVTT §4.2.2). */
const NAMELESS = '?';

/** Line ends would end the cue or the note, and no player shows a control. */
const BLANKS = /[\p{Cc}\p{Cf}\p{Z}]+/gu;

const REFERENCES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text on one line, where `-->` and tags cannot begin: for cues, voice names and notes alike (W3C WebVTT §4.2.2). */
export function vttText(text: string): string {
  return text
    .toWellFormed()
    .replace(BLANKS, ' ')
    .trim()
    .replace(/[&<>]/g, (character) => REFERENCES[character] ?? character);
}

/** `HH:MM:SS.mmm`; hours take as many digits as they need, at least two (W3C WebVTT §4.1). */
export function vttTimestamp(ms: number): string {
  const whole = Math.max(0, Math.round(ms));
  const two = (value: number) => String(Math.floor(value)).padStart(2, '0');
  const milliseconds = String(whole % 1000).padStart(3, '0');
  return `${two(whole / 3_600_000)}:${two((whole / 60_000) % 60)}:${two((whole / 1000) % 60)}.${milliseconds}`;
}

/**
 * WebVTT (W3C), a cue for each turn in the order of time, from the recording's zero. Nobody knows yet what was said: the
 * speaker's name is voice and text of the cue, so that a player shows who has the word.
 */
export function writeWebVtt(note: string, speakers: readonly SpeakerTurns[]): string {
  const text = vttText(note);
  const head = text === '' ? [] : [`NOTE ${text}`];
  const cues = turnsInOrder(speakers).map(({ userId, startMs, endMs }) => {
    const name = vttText(userId) || NAMELESS;
    // A cue ends after it starts, also where both round to one millisecond.
    const end = Math.max(Math.round(startMs) + 1, endMs);
    return `${vttTimestamp(startMs)} --> ${vttTimestamp(end)}\n<v ${name}>${name}</v>`;
  });
  return `${['WEBVTT', ...head, ...cues].join('\n\n')}\n`;
}
