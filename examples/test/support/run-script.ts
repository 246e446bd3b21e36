import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
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

/** Node as a person starts it in the repository's folder, with no variables but these and PATH. */
export function runNode(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  onStart: (child: ChildProcess) => void = () => undefined,
): Promise<Ended> {
  const { PATH = '' } = process.env;
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, args, {
      cwd: ROOT,
      env: { PATH, ...env },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    const ended = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      ended.stdout += text;
    });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      ended.stderr += text;
    });
    child.on('error', reject);
    child.on('close', (exitCode) => resolve({ exitCode, ...ended }));
    onStart(child);
  });
}

export const SCRIPTS = ['set-mode', 'start-and-stop', 'archive-yesterday', 'clean-up'] as const;

/** One of the scripts, by its own one command. */
export const runScript = (
  name: (typeof SCRIPTS)[number],
  args: readonly string[],
  ...rest: [env: Readonly<Record<string, string>>, onStart?: Parameters<typeof runNode>[2]]
) => runNode([`examples/${name}.ts`, ...args], ...rest);
