// Stream's API on loopback, and the service that its webhooks go to, for people to record with.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { startStreamApi } from '@rawreel/stream-api';

const FOLDER = 'demo-service';
const say = (line) => process.stdout.write(`${line}\n`);

const port = await freePort(8080);
const adminPort = await freePort(8081);
const token = randomBytes(12).toString('hex');
const api = await startStreamApi({
  seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  webhookUrl: `http://127.0.0.1:${port}/webhooks/stream`,
});

say(`A stand-in for Stream's API, and the service that its webhooks go to. In another terminal:

  export STREAM_API_KEY=${api.apiKey} STREAM_API_SECRET=${api.secret} STREAM_BASE_URL=${api.url}
  export RAWREEL_API_URL=http://127.0.0.1:${adminPort} RAWREEL_API_TOKEN=${token}
  npx rawreel recording start default:standup
  npx rawreel recording stop default:standup
  npx rawreel jobs list

Two seconds after the stop the recording is ready, and its files appear below ${FOLDER}/media. Ctrl-C ends it.
`);

const service = spawn(process.execPath, ['apps/webhook/bin/rawreel-webhook.js', 'serve'], {
  stdio: 'inherit',
  env: {
    ...process.env,
    STREAM_API_KEY: api.apiKey,
    STREAM_API_SECRET: api.secret,
    STREAM_BASE_URL: api.url,
    RAWREEL_DATA: `${FOLDER}/data`,
    RAWREEL_OUTPUT: `${FOLDER}/media`,
    RAWREEL_PORT: String(port),
    RAWREEL_ADMIN_PORT: String(adminPort),
    RAWREEL_API_TOKEN: token,
  },
});
// Ctrl-C reaches the service by the terminal; a signal to this process alone has to be handed on.
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => service.kill('SIGTERM'));

const [exitCode] = await once(service, 'exit');
await api.stop();
process.exit(exitCode ?? 1);

async function freePort(wished) {
  const probe = createServer();
  for (const port of [wished, 0]) {
    try {
      await once(probe.listen(port, '127.0.0.1'), 'listening');
      break;
    } catch (error) {
      if (error.code !== 'EADDRINUSE') throw error;
    }
  }
  const { port } = probe.address();
  await once(probe.close(), 'close');
  return port;
}
