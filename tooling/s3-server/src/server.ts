import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

export interface S3Server {
  /** `http://127.0.0.1:port`; buckets are named in the path. */
  readonly endpoint: string;
  readonly region: string;
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  /** Keys that are valid and may do nothing. */
  readonly stranger: { readonly accessKeyId: string; readonly secretAccessKey: string };
  /** Where it keeps everything; removed when it stops. */
  readonly folder: string;
  /** The server has then ended. */
  stop(): Promise<void>;
}

const PYTHON = fileURLToPath(new URL('../.venv/bin/python', import.meta.url));
const SERVE = fileURLToPath(new URL('../swift/serve.py', import.meta.url));
const REGION = 'eu-central-1';
const OWNER = { accessKeyId: 'rawreel:owner', secretAccessKey: 'owner-secret-key' };
const STRANGER = { accessKeyId: 'rawreel:stranger', secretAccessKey: 'stranger-secret-key' };

/**
 * Starts an empty object store on a free port of loopback; resolves when it serves. It ends with `stop()`, and with this process
 * however that ends.
 *
 * @throws Error when it is not installed, or does not start: with what it wrote.
 */
export async function startS3Server(): Promise<S3Server> {
  if (!existsSync(PYTHON))
    throw new Error(`The S3 server is not installed (${PYTHON}): run npm test, which does that first`);
  const keys = [OWNER, STRANGER].flatMap(({ accessKeyId, secretAccessKey }) => [
    accessKeyId,
    secretAccessKey,
  ]);
  // Its standard input is its life line: Python sees the end of it even when this process is killed.
  const child = spawn(PYTHON, ['-W', 'ignore', SERVE, REGION, ...keys], { stdio: ['pipe', 'pipe', 'pipe'] });
  const exited = once(child, 'exit');
  const wrote: string[] = [];
  child.stderr.setEncoding('utf8').on('data', (text: string) => wrote.push(text));
  const line = await Promise.race([
    once(createInterface({ input: child.stdout }), 'line').then(([first]) => String(first)),
    exited.then(() => undefined),
  ]);
  if (line === undefined) throw new Error(`The S3 server did not start: ${wrote.join('')}`);
  const { port, folder } = JSON.parse(line) as { port: number; folder: string };
  return {
    endpoint: `http://127.0.0.1:${port}`,
    region: REGION,
    ...OWNER,
    stranger: STRANGER,
    folder,
    stop: async () => {
      child.stdin.end();
      await exited;
    },
  };
}
