import type { Cue } from '../transcription.ts';
import { cuesOfAssemblyAi } from './assembly-ai.ts';
import { cuesOfAwsTranscribe, wordOf } from './aws-transcribe.ts';
import { cuesOfAzureBatch, cuesOfAzureFast } from './azure-speech.ts';
import { cuesOfWords } from './cues-of-words.ts';
import { cuesOfDeepgram, languageOfDeepgram } from './deepgram.ts';
import { cuesOfElevenLabs } from './eleven-labs.ts';
import { type Fields, fieldsOf, listOf, msOf, textOf } from './fields.ts';
import { cuesOfGoogleSpeech, resultsOfGoogle } from './google-speech.ts';
import { cuesOfChunks, cuesOfWhisper, cuesOfWhisperCpp } from './whisper.ts';

interface JsonFormat {
  readonly name: string;
  /** Told by fields that the format alone has. */
  readonly is: (root: Fields) => boolean;
  readonly cues: (root: Fields) => Cue[];
  readonly language?: (root: Fields) => string | undefined;
}

const has = (field: string) => (root: Fields) => Array.isArray(root[field]);

const firstOf = (value: unknown): Fields => listOf(value)[0] ?? {};

/** What transcribers write as JSON. The first that recognises a file reads it. */
export const JSON_FORMATS: readonly JsonFormat[] = [
  {
    name: 'rawreel',
    is: (root) => has('utterances')(root) && has('participants')(root),
    cues: ({ utterances }) =>
      listOf(utterances).map(({ startMs, endMs, text, speaker, userId }) => ({
        startMs: msOf(startMs, 1),
        endMs: msOf(endMs, 1),
        text: textOf(text) ?? '',
        speaker: textOf(speaker),
        userId: textOf(userId),
      })),
    language: ({ language }) => textOf(language),
  },
  {
    name: 'whisper.cpp',
    is: has('transcription'),
    cues: cuesOfWhisperCpp,
    language: ({ result }) => textOf(fieldsOf(result)['language']),
  },
  {
    name: 'whisper',
    is: (root) => has('segments')(root) || firstOf(root['words'])['word'] !== undefined,
    cues: cuesOfWhisper,
    language: ({ language }) => textOf(language),
  },
  { name: 'transformers', is: has('chunks'), cues: cuesOfChunks },
  {
    name: 'deepgram',
    is: ({ results }) => Array.isArray(fieldsOf(results)['channels']),
    cues: cuesOfDeepgram,
    language: languageOfDeepgram,
  },
  {
    name: 'aws-transcribe',
    is: ({ results }) => Array.isArray(fieldsOf(results)['items']),
    cues: cuesOfAwsTranscribe,
    language: ({ results }) => textOf(fieldsOf(results)['language_code']),
  },
  {
    name: 'azure-batch',
    is: has('recognizedPhrases'),
    cues: cuesOfAzureBatch,
    language: ({ recognizedPhrases }) => textOf(firstOf(recognizedPhrases)['locale']),
  },
  {
    name: 'azure-fast',
    is: has('phrases'),
    cues: cuesOfAzureFast,
    language: ({ phrases }) => textOf(firstOf(phrases)['locale']),
  },
  {
    name: 'speechmatics',
    is: ({ results }) => firstOf(results)['start_time'] !== undefined,
    cues: ({ results }) => cuesOfWords(listOf(results).map(wordOf)),
    language: ({ metadata }) => textOf(fieldsOf(fieldsOf(metadata)['transcription_config'])['language']),
  },
  {
    name: 'google-speech',
    is: (root) => Array.isArray(resultsOfGoogle(root)),
    cues: cuesOfGoogleSpeech,
    language: (root) => textOf(firstOf(resultsOfGoogle(root))['languageCode']),
  },
  {
    name: 'elevenlabs',
    is: ({ words: list }) => firstOf(list)['type'] !== undefined,
    cues: cuesOfElevenLabs,
    language: ({ language_code }) => textOf(language_code),
  },
  {
    name: 'assemblyai',
    is: (root) => has('words')(root) || has('utterances')(root),
    cues: cuesOfAssemblyAi,
    language: ({ language_code }) => textOf(language_code),
  },
];
