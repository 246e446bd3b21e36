// Deletes raw recordings of calls that are older than some days.
import { parseArgs } from 'node:util';
import { createRecordingControl, parseCallRef } from '@rawreel/recording-control';

const HELP = `Deletes raw recordings of calls that ended more than some days ago. Without --yes it only shows which.

  node examples/clean-up.ts --older-than 14 default:standup default:retro
  node examples/clean-up.ts --older-than 14 default:standup --yes

  --older-than DAYS    of 24 hours each; 0 takes every recording that has ended
  --yes                deletes; there is no way back

Reads STREAM_API_KEY, STREAM_API_SECRET and, where it is set, STREAM_BASE_URL.
Exit status: 0 done; 1 something failed; 2 usage.`;

const DONE = { deleted: 'deleted', notThere: 'was gone already' };

process.exitCode = await main().catch(explain);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      'older-than': { type: 'string', default: '' },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return show(HELP);
  if (!/^\d{1,5}$/.test(values['older-than'])) return refuse('Give --older-than in whole days.');
  if (positionals.length === 0) return refuse('Give calls, such as default:standup.');
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl } = process.env;
  if (!apiKey || !secret) return refuse('Set STREAM_API_KEY and STREAM_API_SECRET.');

  const control = createRecordingControl({ apiKey, secret, baseUrl: baseUrl || undefined });
  const calls = [...new Set(positionals)].map(parseCallRef);
  const before = new Date(Date.now() - Number(values['older-than']) * 24 * 3600 * 1000);
  // All are listed first: where a call is misspelt, nothing is deleted.
  const lists = await Promise.all(
    calls.map(async (call) => (await control.list(call)).map((recording) => ({ call, recording }))),
  );
  // One whose end Stream does not tell counts from its beginning.
  const old = lists.flat().filter(({ recording }) => (recording.endTime ?? recording.startTime) < before);

  let failures = 0;
  for (const { call, recording } of old) {
    try {
      const done = values.yes ? DONE[(await control.delete(call, recording)).state] : 'would be deleted';
      console.log(
        `${done}  ${(recording.endTime ?? recording.startTime).toISOString()}  ${recording.filename}`,
      );
    } catch (error) {
      explain(error as Error);
      failures += 1;
    }
  }
  console.log(
    `Ended before ${before.toISOString()}: ${old.length}${failures > 0 ? `; failed: ${failures}` : ''}`,
  );
  if (old.length > 0 && !values.yes) console.log('Nothing was deleted: --yes does it.');
  return failures > 0 ? 1 : 0;
}

function show(text: string): 0 {
  console.log(text);
  return 0;
}

function refuse(problem: string): 2 {
  console.error(`${problem}\n\n${HELP}`);
  return 2;
}

/** What is known says what to do in a line; what is not is a mistake in this script, and shows where. */
function explain(error: Error & { code?: string; hint?: string }): number {
  if (error.code === undefined) throw error;
  console.error([error.message, ...(error.hint ? [error.hint] : [])].join('\n  '));
  return error.code.startsWith('ERR_PARSE_ARGS') ? 2 : 1;
}
