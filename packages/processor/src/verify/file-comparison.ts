import { timeMismatches } from './clock-evidence/time-mismatches.ts';
import type { ExpectedFile, ExpectedTrack } from './expectation.ts';
import type { Mismatch } from './mismatch.ts';
import { ENCODER_MS, lengthMismatches, offsetMismatches } from './placement.ts';
import { TrackComparison } from './track-comparison.ts';
import { latest, opusMs, TrackExtent } from './track-extent.ts';
import { ContainerFault, type FileBlock, type WalkedFile, type WalkedTrack } from './walked-file.ts';

/** What the audio of a file must decode to. */
export interface ExpectedSamples {
  readonly ms: number;
  readonly withinMs: number;
}

export interface Compared {
  readonly mismatches: readonly Mismatch[];
  /** How many of the sources' frames were found in the file. */
  readonly frames: number;
  /** Undefined without audio, and where only a decoder knows. */
  readonly samples: ExpectedSamples | undefined;
}

interface ComparedTrack {
  readonly expected: ExpectedTrack;
  readonly walked: WalkedTrack;
  readonly comparison: TrackComparison | undefined;
  readonly extent: TrackExtent;
  opusMs: number;
  longestOpusMs: number;
  lastMs: number;
  /** Blocks with a time before that of the block before. */
  backwards: number;
}

/** Walks a file beside the sources of its tracks. */
export class FileComparison {
  readonly #expected: ExpectedFile;
  readonly #file: WalkedFile;
  readonly #tracks: readonly ComparedTrack[];

  /** @throws {ContainerFault} when the file holds other tracks than expected. */
  constructor(expected: ExpectedFile, file: WalkedFile) {
    const kinds = (tracks: readonly { readonly kind: string }[]) => tracks.map(({ kind }) => kind).join(', ');
    if (kinds(file.tracks) !== kinds(expected.tracks))
      throw new ContainerFault(
        `its tracks are ${kinds(file.tracks) || 'none'}, not ${kinds(expected.tracks)}`,
      );
    this.#expected = expected;
    this.#file = file;
    this.#tracks = expected.tracks.map((track, index) => ({
      expected: track,
      walked: file.tracks[index] as WalkedTrack,
      comparison: track.frames === undefined ? undefined : new TrackComparison(track, track.frames),
      extent: new TrackExtent(),
      opusMs: 0,
      longestOpusMs: 0,
      lastMs: Number.NEGATIVE_INFINITY,
      backwards: 0,
    }));
  }

  /** @throws what reading the source throws, and the signal's reason. */
  async run(signal?: AbortSignal): Promise<Compared> {
    const faults: Mismatch[] = [];
    try {
      try {
        await this.#walk(signal);
      } catch (error) {
        if (!(error instanceof ContainerFault)) throw error;
        faults.push({ what: 'container', message: error.message });
      }
      for (const { comparison } of this.#tracks) await comparison?.finish();
    } finally {
      for (const { comparison } of this.#tracks) await comparison?.close();
    }
    const placement = [...this.#length(), ...this.#offset(), ...this.#clocks()];
    const ofTracks = this.#tracks.flatMap((track) => [
      ...(track.comparison?.mismatches() ?? []),
      ...orderMismatches(track),
    ]);
    return {
      mismatches: [...faults, ...ofTracks, ...placement],
      frames: this.#tracks.reduce((sum, { comparison }) => sum + (comparison?.matched ?? 0), 0),
      samples: this.#samples(),
    };
  }

  async #walk(signal: AbortSignal | undefined): Promise<void> {
    for await (const block of this.#file.blocks()) {
      signal?.throwIfAborted();
      const track = this.#tracks[block.track];
      if (track === undefined) throw new ContainerFault(`a block is of track ${block.track}`);
      see(track, block);
      const pending = track.comparison?.take(block);
      if (pending !== undefined) await pending;
    }
  }

  #length(): Mismatch[] {
    const sources = this.#tracks.map(({ comparison }) => comparison?.sourceEnd);
    return lengthMismatches({
      claimedMs: this.#file.durationMs,
      held: latest(this.#tracks.map(({ extent }) => extent.end)),
      source: latest(sources),
      encodedMs: this.#expected.encodedMs,
    });
  }

  #offset(): Mismatch[] {
    return offsetMismatches(
      this.#tracks.flatMap(({ expected: { kind }, comparison }) => {
        const deviationMs = comparison?.deviationMs;
        return deviationMs === undefined ? [] : [{ kind, deviationMs }];
      }),
    );
  }

  #clocks(): Mismatch[] {
    return timeMismatches(
      this.#tracks.flatMap(({ expected: { kind, clock } }) =>
        clock === undefined
          ? []
          : [{ kind, testimony: clock.witness.testimony, uncertaintyMs: clock.uncertaintyMs }],
      ),
    );
  }

  /** Filled audio has samples for all its time but gaps left open; other audio as many as its packets are worth. */
  #samples(): ExpectedSamples | undefined {
    const track = this.#tracks.find(({ expected }) => expected.kind === 'audio');
    const { encodedMs } = this.#expected;
    if (track === undefined) return undefined;
    if (encodedMs !== undefined) return { ms: encodedMs, withinMs: ENCODER_MS };
    if (!track.walked.isOpus) return undefined;
    const { filled, openMs = 0 } = track.expected;
    const spanMs = (track.extent.end?.mostMs ?? 0) - openMs;
    return { ms: filled ? spanMs : track.opusMs, withinMs: track.longestOpusMs };
  }
}

function see(track: ComparedTrack, block: FileBlock): void {
  const packetMs = track.walked.isOpus ? opusMs(block) : undefined;
  if (packetMs !== undefined) {
    track.opusMs += packetMs;
    track.longestOpusMs = Math.max(track.longestOpusMs, packetMs);
  }
  track.extent.add(block.timeMs, block.durationMs ?? packetMs);
  if (block.timeMs < track.lastMs) track.backwards++;
  track.lastMs = block.timeMs;
}

function orderMismatches({ expected: { kind }, comparison, backwards }: ComparedTrack): Mismatch[] {
  const rightly = comparison?.shownEarlier ?? 0;
  if (backwards <= rightly) return [];
  return [{ what: 'container', message: `${kind}: times go backwards ${backwards - rightly} times` }];
}
