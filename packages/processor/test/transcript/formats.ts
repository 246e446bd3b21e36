/** The same two sentences, said at 0.5 and 3.25 s, as each transcriber writes them: shapes of their documentation. */
const SENTENCES = [
  { startMs: 500, endMs: 1750, text: 'Hello there.' },
  { startMs: 3250, endMs: 4000, text: 'Bye.' },
] as const;

export { SENTENCES };

const WORDS = [
  { word: 'Hello', start: 0.5, end: 1 },
  { word: 'there', start: 1.1, end: 1.75, mark: '.' },
  { word: 'Bye', start: 3.25, end: 4, mark: '.' },
] as const;

const marked = ({ word, ...rest }: (typeof WORDS)[number]) => `${word}${'mark' in rest ? rest.mark : ''}`;

const item = (type: string, content: string, times: object) => ({
  type,
  ...times,
  alternatives: [{ confidence: '0.99', content }],
});

const items = (times: (start: number, end: number) => object, ofMark: (end: number) => object) =>
  WORDS.flatMap(({ word, start, end, ...rest }) => [
    item('pronunciation', word, times(start, end)),
    ...('mark' in rest ? [item('punctuation', rest.mark, ofMark(end))] : []),
  ]);

const SEGMENTS = [
  { id: 0, seek: 0, start: 0.5, end: 1.75, text: ' Hello there.', tokens: [50364], avg_logprob: -0.2 },
  { id: 1, seek: 0, start: 3.25, end: 4, text: ' Bye.', tokens: [50500], avg_logprob: -0.3 },
];

export const FORMATS: readonly [name: string, language: string | undefined, written: unknown][] = [
  ['whisper', 'en', { text: ' Hello there. Bye.', segments: SEGMENTS, language: 'en' }],
  // OpenAI's API, asked for the times of words: they have no marks in fact, and its languages are words.
  [
    'whisper',
    'en',
    {
      task: 'transcribe',
      language: 'english',
      text: 'Hello there. Bye.',
      words: WORDS.map((word) => ({ word: marked(word), start: word.start, end: word.end })),
    },
  ],
  // faster-whisper has no writer: scripts dump its segments.
  ['whisper', undefined, SEGMENTS],
  [
    'whisper.cpp',
    'en',
    {
      systeminfo: 'AVX = 1',
      result: { language: 'en' },
      transcription: [
        {
          timestamps: { from: '00:00:00,500', to: '00:00:01,750' },
          offsets: { from: 500, to: 1750 },
          text: ' Hello there.',
        },
        { offsets: { from: 1750, to: 3250 }, text: ' [BLANK_AUDIO]' },
        { offsets: { from: 3250, to: 4000 }, text: ' Bye.' },
      ],
    },
  ],
  [
    'transformers',
    undefined,
    {
      text: ' Hello there. Bye.',
      chunks: [
        { timestamp: [0.5, 1.75], text: ' Hello there.' },
        { timestamp: [3.25, 4], text: ' Bye.' },
      ],
    },
  ],
  [
    'deepgram',
    'en',
    {
      metadata: { request_id: 'x' },
      results: {
        channels: [
          { detected_language: 'en', alternatives: [{ transcript: 'Hello there. Bye.', words: [] }] },
        ],
        utterances: [
          { start: 0.5, end: 1.75, confidence: 0.9, channel: 0, transcript: 'Hello there.' },
          { start: 3.25, end: 4, confidence: 0.9, channel: 0, transcript: 'Bye.' },
        ],
      },
    },
  ],
  [
    'deepgram',
    undefined,
    {
      results: {
        channels: [
          {
            alternatives: [
              {
                transcript: 'hello there bye',
                words: WORDS.map((word) => ({ ...word, punctuated_word: marked(word) })),
              },
            ],
          },
        ],
      },
    },
  ],
  [
    'assemblyai',
    'en-us',
    {
      id: 'x',
      status: 'completed',
      language_code: 'en_us',
      text: 'Hello there. Bye.',
      words: WORDS.map((word) => ({
        text: marked(word),
        start: word.start * 1000,
        end: word.end * 1000,
        confidence: 0.9,
        speaker: null,
      })),
      utterances: null,
    },
  ],
  [
    'assemblyai',
    undefined,
    {
      status: 'completed',
      utterances: SENTENCES.map(({ startMs, endMs, text }) => ({
        start: startMs,
        end: endMs,
        text,
        speaker: 'A',
      })),
    },
  ],
  [
    'aws-transcribe',
    'en-US',
    {
      jobName: 'job',
      accountId: '1',
      status: 'COMPLETED',
      results: {
        language_code: 'en-US',
        transcripts: [{ transcript: 'Hello there. Bye.' }],
        items: items(
          (start, end) => ({ start_time: `${start}`, end_time: `${end}` }),
          () => ({}),
        ),
      },
    },
  ],
  [
    'speechmatics',
    'en',
    {
      format: '2.9',
      metadata: { transcription_config: { language: 'en' } },
      results: items(
        (start, end) => ({ start_time: start, end_time: end }),
        (end) => ({ start_time: end, end_time: end, attaches_to: 'previous' }),
      ),
    },
  ],
  [
    'google-speech',
    'en-us',
    {
      results: [
        {
          alternatives: [
            {
              transcript: 'Hello there. Bye.',
              words: WORDS.map((word) => ({
                startTime: `${word.start}s`,
                endTime: `${word.end}s`,
                word: marked(word),
              })),
            },
          ],
          languageCode: 'en-us',
        },
      ],
    },
  ],
  // A long-running operation, of which the times of words were not asked for.
  [
    'google-speech',
    'en-us',
    {
      name: '1',
      done: true,
      response: {
        results: [
          { alternatives: [{}], resultEndTime: '0.500s', languageCode: 'en-us' },
          { alternatives: [{ transcript: 'Hello there.' }], resultEndTime: '1.750s' },
          { alternatives: [], resultEndTime: '3.250s' },
          { alternatives: [{ transcript: 'Bye.' }], resultEndTime: '4s' },
        ],
      },
    },
  ],
  // As its client for Node has it.
  [
    'google-speech',
    undefined,
    {
      results: [
        {
          alternatives: [
            {
              words: WORDS.map((word) => ({
                startTime: { seconds: `${Math.floor(word.start)}`, nanos: (word.start % 1) * 1e9 },
                endTime: { seconds: `${Math.floor(word.end)}`, nanos: (word.end % 1) * 1e9 },
                word: marked(word),
              })),
            },
          ],
        },
      ],
    },
  ],
  [
    'azure-batch',
    'en-US',
    {
      source: 'https://…',
      recognizedPhrases: [
        {
          recognitionStatus: 'Success',
          offsetInTicks: 5_000_000,
          durationInTicks: 12_500_000,
          locale: 'en-US',
          nBest: [{ confidence: 0.9, display: 'Hello there.' }],
        },
        { offsetInTicks: 32_500_000, durationInTicks: 7_500_000, nBest: [{ display: 'Bye.' }] },
      ],
    },
  ],
  [
    'azure-fast',
    'en-US',
    {
      durationMilliseconds: 5000,
      combinedPhrases: [{ text: 'Hello there. Bye.' }],
      phrases: [
        { offsetMilliseconds: 500, durationMilliseconds: 1250, text: 'Hello there.', locale: 'en-US' },
        { offsetMilliseconds: 3250, durationMilliseconds: 750, text: 'Bye.', locale: 'en-US' },
      ],
    },
  ],
  [
    'elevenlabs',
    'eng',
    {
      language_code: 'eng',
      text: 'Hello there. Bye.',
      words: WORDS.flatMap((word) => [
        { text: marked(word), start: word.start, end: word.end, type: 'word', speaker_id: 'speaker_0' },
        { text: ' ', start: word.end, end: word.end, type: 'spacing' },
      ]),
    },
  ],
  [
    'rawreel',
    'en',
    {
      version: 1,
      language: 'en',
      participants: [],
      utterances: SENTENCES.map((sentence) => ({ ...sentence, userId: 'alice', speaker: 'Alice' })),
    },
  ],
];
