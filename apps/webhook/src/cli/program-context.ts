/** What the program gets of its process beside the arguments. */
export interface ProgramContext {
  readonly env: NodeJS.ProcessEnv;
  readonly stdout: NodeJS.WritableStream & { readonly isTTY?: boolean | undefined };
  readonly stderr: NodeJS.WritableStream;
  readonly signal: AbortSignal;
  /** Of the Node that runs. */
  readonly nodeVersion: string;
}
