import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type Attributes, type Message, Sns, Sqs } from './wire.ts';

export interface QueueOptions {
  /** The queue that takes what was received so often and not deleted. */
  readonly deadLetters?: { readonly queueUrl: string; readonly afterReceives: number } | undefined;
  readonly visibilitySeconds?: number | undefined;
}

export interface SqsServer {
  /** `http://127.0.0.1:port`; the URL of a queue begins with it. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** @returns its URL */
  createQueue(name: string, options?: QueueOptions): Promise<string>;
  send(queueUrl: string, body: string): Promise<void>;
  /** How many messages wait to be received, and how many were received and are in somebody's hands. */
  counts(queueUrl: string): Promise<{ readonly waiting: number; readonly inHand: number }>;
  /** Takes out what is there; it is not deleted. */
  receive(queueUrl: string): Promise<readonly Message[]>;
  /** Has an SNS topic whose messages go to the queue, each in SNS's envelope. @returns its ARN */
  createTopic(name: string, queueUrl: string): Promise<string>;
  publish(topicArn: string, message: string): Promise<void>;
  /** The server has then ended. */
  stop(): Promise<void>;
}

const PYTHON = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));
const SERVE = fileURLToPath(new URL('../moto/serve.py', import.meta.url));
const REGION = 'eu-central-1';
const KEYS = { accessKeyId: 'owner-key-id', secretAccessKey: 'owner-secret-key' };

/**
 * Starts a server of SQS and SNS without queues on a free port of loopback; resolves when it serves. It ends with `stop()`, and with
 * this process however that ends.
 *
 * @throws Error when it is not installed, or does not start: with what it wrote.
 */
export async function startSqsServer(): Promise<SqsServer> {
  if (!existsSync(PYTHON))
    throw new Error(`The SQS server is not installed (${PYTHON}): run npm test, which does that first`);
  // Its standard input is its life line: Python sees the end of it even when this process is killed.
  const child = spawn(PYTHON, ['-W', 'ignore', SERVE], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const wrote: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => wrote.push(text));
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => String(first)),
    exited.then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`The SQS server did not start: ${wrote.join('')}`);
  const { port } = JSON.parse(line) as { port: number };
  const endpoint = `http://127.0.0.1:${port}`;
  const sqs = new Sqs(endpoint, REGION);
  const sns = new Sns(endpoint, REGION);
  return {
    endpoint,
    region: REGION,
    ...KEYS,
    async createQueue(name, { deadLetters, visibilitySeconds } = {}) {
      const attributes: Attributes = {};
      if (visibilitySeconds !== undefined) attributes['VisibilityTimeout'] = String(visibilitySeconds);
      if (deadLetters !== undefined)
        attributes['RedrivePolicy'] = JSON.stringify({
          deadLetterTargetArn: await sqs.arnOf(deadLetters.queueUrl),
          maxReceiveCount: deadLetters.afterReceives,
        });
      return await sqs.create(name, attributes);
    },
    send: (queueUrl, body) => sqs.send(queueUrl, body),
    counts: (queueUrl) => sqs.counts(queueUrl),
    receive: (queueUrl) => sqs.receive(queueUrl),
    createTopic: async (name, queueUrl) => await sns.create(name, await sqs.arnOf(queueUrl)),
    publish: (topicArn, message) => sns.publish(topicArn, message),
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
