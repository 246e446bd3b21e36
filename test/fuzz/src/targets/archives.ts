import { ArchiveError, memorySource, openEntry, openRecording } from '@rawreel/archive';
import { writeTar } from '@rawreel/fixtures';
import { check, magnitude, type Target } from '../target.ts';

// biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what must not be there
const CONTROL = /[\u0000-\u001f\u007f-\u009f]/;

const MAX_ENTRY = 1 << 20;

async function openAll(bytes: Uint8Array): Promise<string> {
  const source = memorySource(bytes);
  try {
    await using recording = await openRecording(source, {
      limits: { maxEntrySize: MAX_ENTRY, maxEntries: 1000 },
    });
    for (const { message } of recording.problems)
      check(!CONTROL.test(message), 'a message has no control characters');
    let read = 0;
    let failures = 0;
    for (const { dump } of recording.tracks.flatMap(({ segments }) => segments)) {
      if (dump === undefined) continue;
      let inflated = 0;
      try {
        for await (const chunk of openEntry(dump, { source, maxEntrySize: MAX_ENTRY }))
          inflated += chunk.length;
      } catch (error) {
        if (!(error instanceof ArchiveError)) throw error;
        failures++;
      }
      check(inflated <= MAX_ENTRY, 'an entry stays within its limit');
      read += inflated;
    }
    const codes = [...new Set(recording.problems.map(({ code }) => code))].sort();
    return [recording.tracks.length, magnitude(read), failures, ...codes].join();
  } catch (error) {
    if (!(error instanceof ArchiveError)) throw error;
    check(!CONTROL.test(error.message), 'a message has no control characters');
    return error.code;
  }
}

const metadata: Target = {
  name: 'metadata',
  run: (input) =>
    openAll(
      writeTar([
        { name: 'user_1/session_1/timing_metadata.json', data: input },
        { name: 'user_1/session_1/audio_1.rtpdump', data: Buffer.from('#!rtpplay1.0 127.0.0.1/5000\n') },
        {
          name: 'user_1/session_1/audio_1.sdp',
          data: Buffer.from('m=audio 5000 RTP/AVP 111\na=rtpmap:111 opus/48000/2\n'),
        },
      ]),
    ),
};

export const archives: readonly Target[] = [
  { name: 'zip', run: openAll },
  { name: 'tar', run: openAll },
  metadata,
];
