import { type SpeakerTurns, turnsInOrder } from './speaker-turns.ts';

/**
 * White space parts fields, `<NA>` stands for none, and the percent sign has to tell itself from an encoded character.
 */
const UNSAFE = /[\s\p{C}<>%]/gu;

/** What stands for nothing. */
const NOT_AVAILABLE = '<NA>';

/**
 * An id as one field: white space, controls, `<`, `>` and `%` are percent-encoded as UTF-8, so that
 * `decodeURIComponent` gives it back. An empty id is `<NA>`, which no other id can be.
 */
export function rttmField(id: string): string {
  return id === '' ? NOT_AVAILABLE : id.toWellFormed().replace(UNSAFE, encodeURIComponent);
}

/**
 * Rich Transcription Time Marked (NIST RT-09 evaluation plan, appendix A), a line for each turn, in seconds from the
 * recording's zero:
 *
 *     SPEAKER file channel onset duration <NA> <NA> speaker <NA> <NA>
 *
 * All of it is channel 1 of `file`, the call: tools that score or read diarization take one id for one timeline.
 */
export function writeRttm(file: string, speakers: readonly SpeakerTurns[]): string {
  return turnsInOrder(speakers)
    .map(({ userId, startMs, endMs }) => {
      const onsetMs = Math.round(startMs);
      const durationMs = Math.max(1, Math.round(endMs) - onsetMs);
      return `SPEAKER ${rttmField(file)} 1 ${seconds(onsetMs)} ${seconds(durationMs)} <NA> <NA> ${rttmField(userId)} <NA> <NA>\n`;
    })
    .join('');
}

const seconds = (ms: number): string => (ms / 1000).toFixed(3);
