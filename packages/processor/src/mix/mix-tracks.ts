import { rm } from 'node:fs/promises';
import type { MixFormat, MixLayout } from '../plan/plan.ts';
import type { PlacedTrack } from '../read/placed-track.ts';
import type { DecodingThreads } from './decoding-threads.ts';
import { ceilingOf, encoderGain } from './encodings.ts';
import { gatedShare } from './gate.ts';
import { Limiter } from './limiter.ts';
import { LoudnessMeter } from './loudness-meter.ts';
import { type Bus, buffersOf, MixBus } from './mix-bus.ts';
import { type MixPlan, planMix } from './mix-plan.ts';
import type { MixSink } from './mix-sink.ts';
import type { SampleRate } from './mix-source.ts';
import { openSink } from './open-sink.ts';
import { bytesOf, ThreadedBus } from './threaded-bus.ts';
import { type Window, windowsOf } from './windows.ts';

export interface MixOptions {
  /** The file to write; gone again when the mix fails. */
  readonly path: string;
  readonly format: MixFormat;
  readonly layout: MixLayout;
  /** For mp3, m4a and opus, and for mkv, which holds FLAC without it and Opus with it; of each track where there are several. */
  readonly bitrateKbps?: number | undefined;
  /** Hz, of all that is decoded and mixed. Default: 48 000, which wav always has, and which a loudness is measured at. */
  readonly sampleRate?: SampleRate | undefined;
  /** Integrated loudness to bring the mix to, or each user's channel where the layout is per user. Decodes everything twice. */
  readonly loudnessLufs?: number | undefined;
  /** Packets that their sender calls quieter (RFC 6464) are silence, dBov. */
  readonly gateDbov?: number | undefined;
  /** Where the mix's time 0 lies. */
  readonly zeroUnixMs: number;
  /** Where it ends at the latest. Default: with the last packet. */
  readonly endUnixMs?: number | undefined;
  /** Whether silence fills it up to there, as it lies beside longer files. Default: it ends with its last packet. */
  readonly isFilledUp?: boolean | undefined;
  readonly title: string;
  /** Of wav: samples from the recording's zero to the mix's, which makes it a Broadcast Wave file. */
  readonly timeReference?: number | undefined;
  /** Of wav. Default: the users, where the layout is per user. */
  readonly channelNames?: readonly string[] | undefined;
  /** Path of chapters (FFMETADATA1), for formats that an encoder makes. */
  readonly chapters?: string | undefined;
  readonly madeBy: string;
  readonly tracks: readonly PlacedTrack[];
  /** Without them this thread decodes, as it does where little is to be done. */
  readonly threads?: DecodingThreads | undefined;
  readonly ffmpegPath?: string | undefined;
  readonly maxEntrySize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Where loudness is measured first, the total is twice the mix's length. */
  readonly onProgress?: ((mixedMs: number, totalMs: number) => void) | undefined;
}

export interface MixedFile {
  readonly durationMs: number;
  readonly channels: number;
  /** Whose each channel or track is; none unless the layout is per user. */
  readonly users: readonly string[];
  /** Largest sample before limiting; −Infinity where all is silence. */
  readonly peakDbfs: number;
  /** Time in which the limiter was at work on any channel. */
  readonly limitedMs: number;
  /** How much of each track the gate left out, 0 to 1; none where there is no gate. */
  readonly gatedShares: ReadonlyMap<PlacedTrack, number>;
}

/**
 * Decodes tracks, sums them and writes one file, from the zero to its end, to the sample. What is before the zero is left out.
 *
 * @throws {ProcessorError} ERR_MIX_LAYOUT, ERR_NOTHING_TO_EXTRACT, ERR_NO_FFMPEG, ERR_ENCODER_FAILED; the signal's
 * reason when aborted.
 */
export async function mixTracks(options: MixOptions): Promise<MixedFile> {
  const { signal, path } = options;
  signal?.throwIfAborted();
  const plan = planMix(options.tracks, options);
  const progress = progressOf(options, plan);
  try {
    const gains = await gainsOf(options, plan, progress);
    return await write(options, plan, gains, progress);
  } catch (error) {
    await rm(path, { force: true });
    signal?.throwIfAborted();
    throw error;
  }
}

type Progress = (samples: number) => void;

function progressOf({ onProgress, loudnessLufs }: MixOptions, { samples, sampleRate }: MixPlan): Progress {
  const total = samples * (loudnessLufs === undefined ? 1 : 2);
  const perMs = sampleRate / 1000;
  let done = 0;
  return (more) => {
    done += more;
    onProgress?.(done / perMs, total / perMs);
  };
}

/** Less than this, some minutes of speech, is decoded before a thread has loaded its code. */
const THREADS_WORTH_BYTES = 2 * 2 ** 20;

function openBus({ threads, zeroUnixMs, maxEntrySize, signal }: MixOptions, plan: MixPlan): Bus {
  const options = {
    tracks: plan.tracks,
    channels: plan.channels,
    sampleRate: plan.sampleRate,
    zeroUnixMs,
    maxEntrySize,
  };
  const bytes = plan.tracks.reduce((sum, track) => sum + bytesOf(track), 0);
  const areWorth = threads !== undefined && (threads.isAskedFor || bytes >= THREADS_WORTH_BYTES);
  return areWorth ? new ThreadedBus(options, threads) : new MixBus(options, signal);
}

/** Each window of the sum, in turn, whose blocks are gone when `take` settles; `lead` samples of silence follow the end. */
async function eachWindow(
  options: MixOptions,
  plan: MixPlan,
  lead: number,
  take: (window: Window) => void | Promise<void>,
): Promise<void> {
  const bus = openBus(options, plan);
  try {
    const { channels, samples } = plan;
    for await (const window of windowsOf(bus, { samples: samples + lead, lead, channels })) {
      options.signal?.throwIfAborted();
      await take(window);
      bus.reuse(buffersOf(window.blocks));
    }
  } finally {
    await bus.close();
  }
}

/** By how much quiet sound is raised at most: beyond it there is nothing but noise. */
const LARGEST_GAIN = 10 ** (30 / 20);

/** What each lane is multiplied with; a first pass tells where a loudness is asked for. */
async function gainsOf(options: MixOptions, plan: MixPlan, progress: Progress): Promise<readonly number[]> {
  const { loudnessLufs, format, bitrateKbps } = options;
  if (loudnessLufs === undefined) return plan.lanes.map(() => 1);
  const meters = plan.lanes.map((lane) => new LoudnessMeter(lane.length));
  await eachWindow(options, plan, 0, ({ from, to, blocks }) => {
    for (const [index, lane] of plan.lanes.entries())
      meters[index]?.push(lane.map((channel) => blocks[channel] ?? new Float32Array(to - from)));
    progress(to - from);
  });
  return meters.map(({ integrated = loudnessLufs }, index) => {
    const gain = Math.min(LARGEST_GAIN, 10 ** ((loudnessLufs - integrated) / 20));
    return gain / encoderGain(format, plan.lanes[index]?.length ?? 1, bitrateKbps);
  });
}

async function write(
  options: MixOptions,
  plan: MixPlan,
  gains: readonly number[],
  progress: Progress,
): Promise<MixedFile> {
  const sink = await openSink(options, plan);
  const stop = (): void => void sink.abandon();
  options.signal?.addEventListener('abort', stop, { once: true });
  try {
    const { peak, limited } = await limitInto(sink, options, plan, gains, progress);
    await sink.finish();
    const perMs = plan.sampleRate / 1000;
    return {
      durationMs: plan.samples / perMs,
      channels: plan.channels,
      users: plan.users,
      peakDbfs: 20 * Math.log10(peak),
      limitedMs: limited / perMs,
      gatedShares: new Map(
        plan.tracks.flatMap(({ placed, gate }) => (gate === undefined ? [] : [[placed, gatedShare(gate)]])),
      ),
    };
  } catch (error) {
    await sink.abandon();
    throw error;
  } finally {
    options.signal?.removeEventListener('abort', stop);
  }
}

async function limitInto(
  sink: MixSink,
  options: MixOptions,
  plan: MixPlan,
  gains: readonly number[],
  progress: Progress,
): Promise<{ readonly peak: number; readonly limited: number }> {
  const { format, bitrateKbps } = options;
  const ceiling = ceilingOf(format, bitrateKbps);
  const limiters = plan.lanes.map(({ length }) => new Limiter(length, ceiling, plan.sampleRate));
  const latency = limiters[0]?.latency ?? 0;
  let peak = 0;
  await eachWindow(options, plan, latency, async ({ from, to, blocks }) => {
    const channels: Float32Array[] = [];
    for (const [index, lane] of plan.lanes.entries()) {
      const input = lane.map((channel) => blocks[channel] ?? new Float32Array(to - from));
      for (const block of input) peak = Math.max(peak, amplify(block, gains[index] ?? 1));
      channels.push(...(limiters[index]?.push(input) ?? input));
    }
    await sink.write(channels);
    progress(channels[0]?.length ?? 0);
  });
  return { peak, limited: Math.max(...limiters.map(({ limited }) => limited)) };
}

/** @returns the largest magnitude after it. */
function amplify(block: Float32Array, gain: number): number {
  let peak = 0;
  for (let index = 0; index < block.length; index++) {
    const sample = (block[index] ?? 0) * gain;
    block[index] = sample;
    peak = Math.max(peak, Math.abs(sample));
  }
  return peak;
}
