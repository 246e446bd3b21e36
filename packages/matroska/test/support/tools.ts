import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface ToolResult {
  readonly stdout: string;
  readonly stderr: string;
  readonly status: number | null;
}

/** Runs a tool to its end. A missing tool is an error: what it would have proven is not proven. */
export function run(
  tool: string,
  args: readonly string[],
  input: Uint8Array = new Uint8Array(0),
): ToolResult {
  const { error, status, stdout, stderr } = spawnSync(tool, args, {
    encoding: 'utf8',
    maxBuffer: 1 << 28,
    input,
  });
  if (error !== undefined) throw new Error(`${tool} is needed for this test: ${error.message}`);
  return { status, stdout, stderr };
}

export function ffmpegOutput(args: readonly string[]): Buffer {
  return execFileSync('ffmpeg', ['-v', 'error', ...args], { maxBuffer: 1 << 28 });
}

export interface ProbedPacket {
  readonly stream_index: number;
  readonly pts_time: string;
  readonly size: string;
  readonly flags: string;
}

export interface Probed {
  readonly format: {
    readonly duration?: string;
    readonly start_time: string;
    readonly format_name: string;
    readonly tags: Readonly<Record<string, string>>;
  };
  readonly streams: readonly {
    readonly codec_name: string;
    readonly codec_type: string;
    readonly width?: number;
    readonly height?: number;
    readonly sample_rate?: string;
    readonly channels?: number;
    readonly initial_padding?: number;
    readonly tags?: Readonly<Record<string, string>>;
    readonly side_data_list?: readonly { readonly rotation?: number }[];
  }[];
  readonly chapters?: readonly {
    readonly start_time: string;
    readonly end_time: string;
    readonly tags: Readonly<Record<string, string>>;
  }[];
  readonly packets: readonly ProbedPacket[];
}

/** ffprobe's view; any line it prints at warning level is an error. */
export function ffprobe(file: string, ...more: readonly string[]): Probed {
  const shown = ['-show_format', '-show_streams', '-show_packets'];
  const result = run('ffprobe', ['-v', 'warning', '-print_format', 'json', ...shown, ...more, file]);
  if (result.status !== 0 || result.stderr !== '') throw new Error(`ffprobe: ${result.stderr}`);
  return JSON.parse(result.stdout) as Probed;
}

/** A folder that is gone after the test file. */
export class Scratch {
  readonly #folder = mkdtempSync(join(tmpdir(), 'matroska-'));

  path(name: string): string {
    return join(this.#folder, name);
  }

  put(name: string, bytes: Uint8Array): string {
    writeFileSync(this.path(name), bytes);
    return this.path(name);
  }

  [Symbol.dispose](): void {
    rmSync(this.#folder, { recursive: true, force: true });
  }
}
