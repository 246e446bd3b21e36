import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { join } from 'node:path';

const BIN = join(import.meta.dirname, '../../../apps/webhook/bin/rawreel-webhook.js');

/** As a service manager does. */
const RESTART_MS = 1000;

/** `rawreel-webhook` with one of its commands, which is started again whenever it ends. */
export class Program {
  readonly name: string;
  /** Exits that nobody asked for. */
  readonly exits: string[] = [];
  readonly #command: string;
  readonly #env: Readonly<Record<string, string>>;
  readonly #log: string;
  #child: ChildProcess | undefined;
  #isStopping = false;
  #restart: NodeJS.Timeout | undefined;

  constructor(
    name: string,
    command: string,
    { env, logFolder }: { readonly env: Readonly<Record<string, string>>; readonly logFolder: string },
  ) {
    this.name = name;
    this.#command = command;
    this.#env = env;
    this.#log = join(logFolder, `${name}.log`);
  }

  get isUp(): boolean {
    return this.#child !== undefined;
  }

  start(): void {
    if (this.isUp || this.#isStopping) return;
    const log = openSync(this.#log, 'a');
    const child = spawn(process.execPath, [BIN, this.#command], {
      env: { ...this.#env },
      stdio: ['ignore', log, log],
    });
    closeSync(log);
    this.#child = child;
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      if (signal === 'SIGKILL' || this.#isStopping) return;
      this.exits.push(`${this.name} ended by itself with ${code ?? signal}`);
      this.#startIn(RESTART_MS);
    });
  }

  /** @param downMs until it is started again */
  async kill(downMs: number): Promise<void> {
    await this.#end('SIGKILL');
    this.#startIn(downMs);
  }

  freeze(): void {
    this.#child?.kill('SIGSTOP');
  }

  thaw(): void {
    this.#child?.kill('SIGCONT');
  }

  /** For good. @returns its exit code */
  async stop(): Promise<unknown> {
    this.#endRestarts();
    if (!this.isUp) return 0;
    return await this.#end('SIGTERM');
  }

  /** For good, and at once. */
  async destroy(): Promise<void> {
    this.#endRestarts();
    await this.#end('SIGKILL');
  }

  #startIn(ms: number): void {
    clearTimeout(this.#restart);
    this.#restart = setTimeout(() => this.start(), ms);
  }

  #endRestarts(): void {
    this.#isStopping = true;
    clearTimeout(this.#restart);
  }

  async #end(signal: NodeJS.Signals): Promise<unknown> {
    const child = this.#child;
    if (child === undefined) return undefined;
    const exited = once(child, 'exit');
    child.kill(signal);
    return (await exited)[0];
  }
}
