import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import type { S3Server } from '@rawreel/s3-server';
import type { StreamApi } from '@rawreel/stream-api';

const ROOT = join(import.meta.dirname, '..', '..', '..');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What a script is told of the app. */
export const accessTo = ({ apiKey, secret, url }: StreamApi) => ({
  STREAM_API_KEY: apiKey,
  STREAM_API_SECRET: secret,
  STREAM_BASE_URL: url,
});

/** What a script is told of the server of our buckets; what it puts down for a while goes into `folder`. */
export const accessToBuckets = (server: S3Server, folder: string) => ({
  AWS_ACCESS_KEY_ID: server.accessKeyId,
  AWS_SECRET_ACCESS_KEY: server.secretAccessKey,
  AWS_REGION: server.region,
  AWS_ENDPOINT_URL_S3: server.endpoint,
  TMPDIR: folder,
});

/** Node as a person starts it in the repository's folder, with no variables but these and PATH. */
export async function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const { PATH = '' } = process.env;
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    env: { PATH, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  onStart(child);
  const [stdout, stderr, [exitCode]] = await Promise.all([
    text(child.stdout),
    text(child.stderr),
    once(child, 'close'),
  ]);
  return { exitCode, stdout, stderr };
}

export const SCRIPTS = ['set-mode', 'start-and-stop', 'archive-yesterday', 'clean-up'] as const;

/** One of the scripts, by its own one command. */
export const runScript = (
  name: (typeof SCRIPTS)[number],
  args: readonly string[],
  ...rest: [env: Readonly<Record<string, string>>, onStart?: Parameters<typeof runNode>[2]]
) => runNode([`examples/${name}.ts`, ...args], ...rest);
