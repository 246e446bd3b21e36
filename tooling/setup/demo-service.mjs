// Stream's API on loopback, the service that its webhooks go to, and a program that this one tells, for people to record with.
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer as createHttpServer } from 'node:http';
import { createServer } from 'node:net';
import { text } from 'node:stream/consumers';
import { startStreamApi } from '@rawreel/stream-api';
import { Webhook } from 'standardwebhooks';

const FOLDER = 'demo-service';
const say = (line) => process.stdout.write(`${line}\n`);

const port = await freePort(8080);
const adminPort = await freePort(8081);
const token = randomBytes(12).toString('hex');
const api = await startStreamApi({
  seed: { calls: [{ type: 'default', id: 'standup', participants: ['ann'] }] },
  webhookUrl: `http://127.0.0.1:${port}/webhooks/stream`,
});

const notifySecret = `whsec_${randomBytes(32).toString('base64')}`;
const toldProgram = createHttpServer(takeWebhook).listen(0, '127.0.0.1');
await once(toldProgram, 'listening');

say(`A stand-in for Stream's API, the service that its webhooks go to, and a program that this one tells. In another terminal:

  export STREAM_API_KEY=${api.apiKey} STREAM_API_SECRET=${api.secret} STREAM_BASE_URL=${api.url}
  export RAWREEL_API_URL=http://127.0.0.1:${adminPort} RAWREEL_API_TOKEN=${token}
  npx rawreel recording start default:standup
  npx rawreel recording stop default:standup
  npx rawreel jobs list

Two seconds after the stop the recording is ready, its files appear below ${FOLDER}/media, and the program is
told by a signed webhook. Ctrl-C ends it.
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
    RAWREEL_NOTIFY_URL: `http://127.0.0.1:${toldProgram.address().port}/recordings`,
    RAWREEL_NOTIFY_SECRET: notifySecret,
    RAWREEL_ADMIN_PORT: String(adminPort),
    RAWREEL_API_TOKEN: token,
  },
});
// Ctrl-C reaches the service by the terminal; a signal to this process alone has to be handed on.
process.on('SIGINT', () => undefined);
process.once('SIGTERM', () => service.kill('SIGTERM'));

const [exitCode] = await once(service, 'exit');
await api.stop();
toldProgram.closeAllConnections();
toldProgram.close();
process.exit(exitCode ?? 1);

/** What a program of one's own does with a webhook: verifies, takes, answers. */
async function takeWebhook(request, response) {
  const body = await text(request);
  try {
    const { type, data } = new Webhook(notifySecret).verify(body, request.headers);
    const clock = new Date().toTimeString().slice(0, 8);
    const what = data.files ? `${data.files.length} files` : (data.failure?.message ?? data.state);
    say(`${clock}  ${data.callCid}  a program of yours is told: ${type}, signature verified, ${what}`);
    response.writeHead(204).end();
  } catch (error) {
    say(`a program of yours has refused a webhook: ${error.message}`);
    response.writeHead(401).end();
  }
}

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
