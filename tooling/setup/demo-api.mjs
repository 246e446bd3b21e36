// Stream's API on loopback, for people to play with.
import { startStreamApi } from '@rawreel/stream-api';

const say = (line) => process.stdout.write(`${line}\n`);

function report({ method, path, status, operation }) {
  const time = new Date().toTimeString().slice(0, 8);
  say(`${time}  ${status}  ${method.padEnd(6)} ${path}${operation === undefined ? '  (no such route)' : ''}`);
}

const api = await startStreamApi({
  seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  readyAfterMs: 5000,
  onRequest: report,
});

say(`A stand-in for Stream's API, for raw recording. In another terminal:

  export STREAM_API_KEY=${api.apiKey} STREAM_API_SECRET=${api.secret} STREAM_BASE_URL=${api.url}

There is one call, default:standup, with ann in it. Five seconds after a stop its recording is ready: the sample call.
What it knows is in docs/stream-api.md, and gone when it ends. Ctrl-C ends it.
`);

for (const signal of ['SIGINT', 'SIGTERM'])
  process.once(signal, async () => {
    await api.stop();
    say('Ended.');
  });
