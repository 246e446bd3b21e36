import { command } from '../../declare/command-spec.ts';
import { duration, time } from '../../declare/kinds.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingWait = command({
  name: 'recording wait',
  group: 'Record calls',
  summary: 'Wait until a raw recording of a call is ready to be downloaded.',
  examples: [
    { says: 'The next one that gets ready from now on', line: 'rawreel recording wait default:standup' },
    {
      says: 'The one that has begun since; start prints the time',
      line: 'rawreel recording wait default:standup --since 2026-11-20T09:30:00Z',
    },
    {
      says: 'The one that was running then; stop prints the time',
      line: 'rawreel recording wait default:standup --ended-since 2026-11-20T10:00:00Z',
    },
  ],
  notes: [
    'A recording is usually ready about five minutes after its end. One that failed is listed nowhere: when nothing has been recorded and nothing become ready for the time of --timeout, waiting ends with exit code 1.',
  ],
  options: {
    call: CALL,
    since: time({
      group: 'What',
      help: 'the first that has begun then or later, also one that is ready already',
    }),
    endedSince: time({
      group: 'What',
      help: 'the first that has ended then or later, also one that is ready already',
    }),
    timeout: duration({
      group: 'Advanced',
      help: 'how long nothing may be recorded and nothing become ready',
      example: '1h',
      default: '30m',
    }),
    ...STREAM,
  },
});
