import { describe, expect, it } from 'vitest';
import { rawreel, type Stage } from './fakes.ts';

const SECRET = 'rawreel-test-secret';
const SIGNED_IN: Stage = { env: { STREAM_API_KEY: 'key', STREAM_API_SECRET: SECRET } };

const ask = (line: string, stage: Stage = {}) => rawreel(line.split(' '), { ...SIGNED_IN, ...stage });

describe('what makes no sense is exit 2 before anything is sent', () => {
  const cases: [string, RegExp][] = [
    ['recording start', /missing required argument 'type:id'/],
    ['recording start standup', /"standup" is no call/],
    ['recording start default:a/b', /holds a slash/],
    ['recording start default:standup more', /"more" is not an option or command/],
    ['recording strat default:standup', /Did you mean start\?/],
    ['recording start default:standup --external-storage=', /--external-storage is empty/],
    ['recording list default:standup --type composite', /raw, all/],
    ['recording wait default:standup --since yesterday', /--since takes a time such as 2026-11-20T09:30:00Z/],
    ['recording wait default:standup --since 2026-11-20', /not "2026-11-20"/],
    ['recording wait default:standup --ended-since now', /--ended-since takes a time such as/],
    ['recording wait default:standup --timeout 5', /--timeout takes a duration such as 90s/],
    ['recording wait default:standup --timeout 25d', /up to 24d, not "25d"/],
    ['recording start default:standup --request-timeout 0s', /--request-timeout takes a duration/],
    ['recording start default:standup --wait-for-session=soon', /--wait-for-session takes a duration/],
    ['recording sweep --download', /--output is missing/],
    ['recording sweep --download --delete', /--download and --delete cannot be used together/],
    ['recording sweep --download --output s3://b/p', /With --process, media files may go/],
    ['recording sweep --process --type all --output o', /--process is for raw recordings/],
    ['recording sweep --parallel 0', /--parallel takes a whole number from 1 to 99/],
    ['recording sweep --delete', /cannot ask for confirmation/],
    [
      'recording sweep --since 2026-11-20T00:00:00Z --until 2026-11-20T00:00:00Z',
      /--since is not before --until/,
    ],
    ['storage unassign', /--call-type is missing/],
    ['recording download default:standup --output o', /no recording selected/],
    ['recording download default:standup --latest', /--output is missing/],
    [
      'recording download default:standup --latest --all --output o',
      /--latest and --all cannot be used together/,
    ],
    ['recording download default:standup --latest --output s3://b/p', /With --process, media files may go/],
    ['recording delete default:standup --all --filename a', /--all and --filename cannot be used together/],
    ['recording delete default:standup --latest', /cannot ask for confirmation/],
    ['recording watch default:standup', /--output is missing/],
    ['settings get', /no call or call type selected/],
    ['settings get --call a:b --call-type c', /--call and --call-type cannot be used together/],
    ['settings set --call-type c', /nothing to set/],
    ['settings set --call-type c --mode auto_on', /disabled, available, auto-on/],
    ['settings set --call standup --mode disabled', /"standup" is no call/],
    ['storage create a --type s3 --bucket b', /--region is missing/],
    ['storage create a --type gcs --bucket b', /--credentials is missing/],
    ['storage create a --type gcs --bucket b --region r', /--region is for s3/],
    ['storage assign a', /--call-type is missing/],
    ['grants get', /--call-type is missing/],
    ['grants set --call-type c --role r', /--capabilities is missing/],
    ['settings get --all-call-types --api-secret=', /--api-secret is empty/],
  ];
  it.each(cases)('%s', async (line, says) => {
    const { exitCode, stdout, stderr } = await ask(line);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(says);
  });

  it('the value of an option that a command does not have is not repeated: it may be a secret', async () => {
    const { stderr } = await rawreel(['list-tracks', `--api-secret=${SECRET}`]);
    expect(stderr).toMatch(/unknown option '--api-secret'/);
    expect(stderr).not.toContain(SECRET);
  });
});
