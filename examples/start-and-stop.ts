// Records a call raw for a while, and waits until the recording is ready.
import { setTimeout } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { createRecordingControl, parseCallRef } from '@rawreel/recording-control';

const HELP = `Records a call raw for a while, and waits until the recording is ready.

  node examples/start-and-stop.ts default:standup --seconds 60

  --seconds N         how long, 10 unless told; Ctrl-C stops sooner
  --ready-within N    seconds from the stop until it gives up waiting, 600 unless told

Reads STREAM_API_KEY, STREAM_API_SECRET and, where it is set, STREAM_BASE_URL.
Exit status: 0 the recording is ready; 1 it is not, or is somebody else's; 2 usage.`;

process.exitCode = await main().catch(explain);

async function main(): Promise<number> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      seconds: { type: 'string', default: '10' },
      'ready-within': { type: 'string', default: '600' },
      help: { type: 'boolean', default: false },
    },
  });
  if (values.help) return show(HELP);
  const [name, ...others] = positionals;
  if (name === undefined || others.length > 0) return refuse('Give one call, such as default:standup.');
  const [seconds, readyWithin] = [values.seconds, values['ready-within']];
  if (!/^\d{1,6}$/.test(seconds) || !/^\d{1,6}$/.test(readyWithin)) return refuse('Give whole seconds.');
  const { STREAM_API_KEY: apiKey, STREAM_API_SECRET: secret, STREAM_BASE_URL: baseUrl } = process.env;
  if (!apiKey || !secret) return refuse('Set STREAM_API_KEY and STREAM_API_SECRET.');

  const control = createRecordingControl({ apiKey, secret, baseUrl: baseUrl || undefined });
  const call = parseCallRef(name);
  const sooner = new AbortController();
  // Once: a second Ctrl-C ends the script as it ends any other.
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => sooner.abort());

  const started = await control.start(call);
  if (started.state === 'alreadyRunning') {
    console.error(`${name} is being recorded already; that recording is left alone.`);
    return 1;
  }
  console.log(`${name} is being recorded, for ${seconds} s.`);
  await setTimeout(Number(seconds) * 1000, undefined, { signal: sooner.signal }).catch(() => undefined);

  const { state } = await control.stop(call);
  console.log(state === 'stopped' ? 'Stopped.' : 'Something else has stopped it.');

  const signal = AbortSignal.timeout(Number(readyWithin) * 1000);
  const recording = await control.waitUntilReady(call, { since: started.since, signal }).catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
  if (recording === undefined) {
    console.error(`It is not ready after ${readyWithin} s. A recording that failed is never listed.`);
    return 1;
  }
  // Not the link itself: whoever has it can download the recording.
  console.log(`Ready: ${recording.filename}
  session  ${recording.session}
  from     ${recording.startTime.toISOString()}
  to       ${recording.endTime?.toISOString() ?? 'Stream does not say'}
  link     ${recording.expiresAt ? `works until ${recording.expiresAt.toISOString()}` : 'does not say until when it works'}`);
  return 0;
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
