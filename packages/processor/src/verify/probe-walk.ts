import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { promisify } from 'node:util';
import { ByteWindow } from './byte-window.ts';
import { ContainerFault, type FileBlock, type WalkedFile, type WalkedTrack } from './walked-file.ts';

const run = promisify(execFile);

const MAX_PACKET_BYTES = 256 * 1024 * 1024;

interface ProbedStream {
  readonly index?: number;
  readonly codec_type?: string;
  readonly codec_name?: string;
  readonly codec_tag_string?: string;
}

interface Probe {
  readonly streams?: readonly ProbedStream[];
  readonly format?: { readonly duration?: string };
}

/** Chapters of an MP4 are a track of text (QuickTime File Format, "Chapter lists"), which ffprobe shows among the others. */
const isOfChapters = ({ codec_type: type, codec_tag_string: tag }: ProbedStream): boolean =>
  type === 'data' && tag === 'text';

/** Reads any other container: ffprobe says where its packets are and when, the bytes come from the file itself. */
export class ProbeWalk implements WalkedFile {
  readonly #path: string;
  readonly #ffprobe: string;
  readonly #signal: AbortSignal | undefined;
  readonly #window: ByteWindow;
  /** Of the tracks that are walked, by ffprobe's index of their streams. */
  readonly #numbers: ReadonlyMap<number | undefined, number>;
  readonly tracks: readonly WalkedTrack[];
  readonly durationMs: number | undefined;

  /** @throws {ContainerFault}; what the file system says. */
  static async open(path: string, ffmpegPath?: string, signal?: AbortSignal): Promise<ProbeWalk> {
    const ffprobe = ffprobeBeside(ffmpegPath);
    const entries = 'stream=index,codec_type,codec_name,codec_tag_string:format=duration';
    try {
      const { stdout } = await run(
        ffprobe,
        ['-v', 'error', '-of', 'json', '-show_entries', entries, `file:${path}`],
        { ...(signal === undefined ? {} : { signal }) },
      );
      return new ProbeWalk(path, ffprobe, JSON.parse(stdout), signal);
    } catch (error) {
      signal?.throwIfAborted();
      const { code, stderr, message } = error as NodeJS.ErrnoException & { stderr?: string };
      if (code === 'ENOENT') throw new ContainerFault(`there is no ffprobe at ${ffprobe} to read it`);
      throw new ContainerFault(stderr?.trim() || message);
    }
  }

  private constructor(path: string, ffprobe: string, probe: Probe, signal: AbortSignal | undefined) {
    this.#path = path;
    this.#ffprobe = ffprobe;
    this.#signal = signal;
    const streams = (probe.streams ?? []).filter((stream) => !isOfChapters(stream));
    this.#numbers = new Map(streams.map(({ index }, number) => [index, number]));
    this.tracks = streams.map(({ codec_type: type, codec_name: name }) => ({
      kind: type === 'audio' || type === 'video' ? type : 'other',
      isOpus: name === 'opus',
    }));
    const duration = Number(probe.format?.duration);
    this.durationMs = Number.isFinite(duration) ? duration * 1000 : undefined;
    this.#window = new ByteWindow(path);
  }

  async *blocks(): AsyncGenerator<FileBlock, void> {
    const entries = 'packet=stream_index,pts_time,duration_time,size,pos,flags';
    const probe = spawn(
      this.#ffprobe,
      ['-v', 'error', '-of', 'compact=p=0', '-show_entries', entries, `file:${this.#path}`],
      {
        stdio: ['ignore', 'pipe', 'ignore'],
        ...(this.#signal === undefined ? {} : { signal: this.#signal }),
      },
    );
    const closed = once(probe, 'close');
    // Awaited below; until then a failure must not count as unheard.
    closed.catch(() => undefined);
    try {
      for await (const line of createInterface({ input: probe.stdout })) {
        const block = line === '' ? undefined : this.#block(line);
        if (block !== undefined) yield block;
      }
      const [exitCode] = await closed;
      if (exitCode !== 0) throw new ContainerFault(`ffprobe gave up on it with ${exitCode}`);
    } finally {
      probe.kill();
      this.#signal?.throwIfAborted();
    }
  }

  close(): void {
    this.#window.close();
  }

  /** A line such as `stream_index=0|pts_time=0.020000|duration_time=0.020000|size=120|pos=4711|flags=K_`; undefined of a track that is not walked. */
  #block(line: string): FileBlock | undefined {
    const fields = new Map(line.split('|').map((field) => field.split('=', 2) as [string, string]));
    const numberOf = (name: string) => Number(fields.get(name));
    const track = this.#numbers.get(numberOf('stream_index'));
    if (track === undefined) return undefined;
    const [timeMs, durationMs] = [numberOf('pts_time') * 1000, numberOf('duration_time') * 1000];
    const [position, size] = [numberOf('pos'), numberOf('size')];
    const isThere = position >= 0 && size <= MAX_PACKET_BYTES && position + size <= this.#window.size;
    if (!isThere || !Number.isFinite(timeMs))
      throw new ContainerFault(`a packet has no time or place: ${line}`);
    this.#window.seek(position);
    return {
      track,
      timeMs,
      durationMs: Number.isFinite(durationMs) ? durationMs : undefined,
      keyFrame: fields.get('flags')?.startsWith('K') === true,
      bytes: this.#window.peek(size),
    };
  }
}

/** ffprobe comes with ffmpeg, in the same folder and with the same ending. */
function ffprobeBeside(ffmpegPath: string | undefined): string {
  if (ffmpegPath === undefined) return 'ffprobe';
  const name = basename(ffmpegPath).replace('ffmpeg', 'ffprobe');
  const folder = dirname(ffmpegPath);
  return folder === '.' && !ffmpegPath.startsWith('.') ? name : join(folder, name);
}
