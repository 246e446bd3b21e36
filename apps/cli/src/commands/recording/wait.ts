import { command } from '../../declare/command-spec.ts';
import { duration, time } from '../../declare/kinds.ts';
import { CALL, STREAM } from '../../options/stream-access.ts';

export const recordingWait = command({
  name: 'recording wait',
  group: 'Record calls',
  summary: 'Wait until a raw recording of a call is ready for download.',
  examples: [
    { says: 'The next recording that becomes ready', line: 'rawreel recording wait default:standup' },
    {
      says: 'A recording that began since; start prints the time',
      line: 'rawreel recording wait default:standup --since 2026-11-20T09:30:00Z',
    },
    {
      says: 'A recording that was running then; stop prints the time',
      line: 'rawreel recording wait default:standup --ended-since 2026-11-20T10:00:00Z',
    },
  ],
  notes: [
    'A recording is usually ready about five minutes after its end. A failed recording is not listed: if nothing is recorded and nothing becomes ready within --timeout, waiting ends with exit code 1.',
  ],
  options: {
    call: CALL,
    since: time({
      group: 'What',
      help: 'the first recording that began at this time or later, even if it is ready already',
    }),
    endedSince: time({
      group: 'What',
      help: 'the first recording that ended at this time or later, even if it is ready already',
    }),
    timeout: duration({
      group: 'Advanced',
      help: 'give up when nothing was recorded and nothing became ready for this long',
      example: '1h',
      default: '30m',
    }),
    ...STREAM,
  },
});
