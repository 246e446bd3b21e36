/** What a program is given beside its arguments. */
export interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
  readonly stderr: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** Of the Node that runs. */
  readonly nodeVersion: string;
}
