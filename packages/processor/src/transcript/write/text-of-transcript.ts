import { jsonText, printable } from '@rawreel/text';
import type { TranscriptFormat } from '../../plan/transcript-formats.ts';
import { vttText, vttTimestamp } from '../../speech/webvtt.ts';
import type { Transcript, Utterance } from '../transcript.ts';

/** A transcript as a file of a format. */
export function textOfTranscript(transcript: Transcript, format: TranscriptFormat): string {
  switch (format) {
    case 'json':
      return jsonText(transcript);
    case 'vtt':
      return vttOf(transcript);
    case 'srt':
      return srtOf(transcript);
    case 'txt':
      return readingOf(transcript);
    default:
      return format satisfies never;
  }
}

/** A cue lasts, also where it was told as a moment. */
const endOf = ({ startMs, endMs }: Utterance): number => Math.max(startMs + 1, endMs);

/** WebVTT (W3C), each cue in the voice of who speaks. */
function vttOf({ call, utterances }: Transcript): string {
  const head = ['WEBVTT', `NOTE ${vttText(`${call.type}:${call.id}`)}`];
  const cues = utterances.map((utterance) => {
    const lines = utterance.text.split('\n').map(vttText).join('\n');
    const voice = vttText(utterance.speaker) || '?';
    return `${vttTimestamp(utterance.startMs)} --> ${vttTimestamp(endOf(utterance))}\n<v ${voice}>${lines}</v>`;
  });
  return `${[...head, ...cues].join('\n\n')}\n`;
}

/** SubRip, which has no voices: a name stands before the words. */
function srtOf({ utterances }: Transcript): string {
  const stamp = (ms: number) => vttTimestamp(ms).replace('.', ',');
  return utterances
    .map((utterance, index) => {
      const { startMs, speaker, text } = utterance;
      const words = `${lineOf(speaker)}: ${text}`.replaceAll('-->', '→');
      return `${index + 1}\n${stamp(startMs)} --> ${stamp(endOf(utterance))}\n${words}\n`;
    })
    .join('\n');
}

/** For reading: a paragraph for each turn, with its time. */
function readingOf({ utterances }: Transcript): string {
  const turns: { startMs: number; speaker: string; userId: string; words: string[] }[] = [];
  for (const { startMs, userId, speaker, text } of utterances) {
    const last = turns.at(-1);
    const words = lineOf(text);
    if (last?.userId === userId) last.words.push(words);
    else turns.push({ startMs, speaker, userId, words: [words] });
  }
  return turns
    .map(
      ({ startMs, speaker, words }) =>
        `[${vttTimestamp(startMs).slice(0, 8)}] ${lineOf(speaker)}: ${words.join(' ')}\n`,
    )
    .join('\n');
}

const lineOf = (text: string): string => printable(text.replaceAll('\n', ' '));
