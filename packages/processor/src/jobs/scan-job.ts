import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TrackObserver } from '../inspect/collect/observe-track.ts';
import type { ObservedDump } from '../inspect/collect/observed.ts';
import type { OutputSettings } from '../plan/output-settings.ts';
import type { PlannedTrack } from '../plan/plan.ts';
import type { SegmentScan } from '../read/segment-scan.ts';
import { type ScanTap, scanTrack } from '../scan/scan-track.ts';
import { Draft, type DraftedFile } from './draft.ts';
import { FrameCopy } from './frame-copy.ts';
import { dumpBytesOf, type JobEvents, readingOf } from './job.ts';

/** All that one worker needs to scan one track: plain values. */
export interface ScanJob {
  readonly settings: OutputSettings;
  readonly track: PlannedTrack;
  /** In the plan. */
  readonly number: number;
  /** An output is this track as it is: it may be written while it is scanned. */
  readonly mayDraft: boolean;
  /** How many outputs read the track again, beside one that is drafted. */
  readonly readers: number;
  /** One of them reads it side by side with all others. */
  readonly isMixed: boolean;
  /** They want nothing but its frames. */
  readonly wantFrames: boolean;
}

export interface ScanResult {
  readonly scans: readonly SegmentScan[];
  readonly draft?: DraftedFile | undefined;
  /** Of a run that inspects. */
  readonly observed?: readonly ObservedDump[] | undefined;
}

/** Reads a track once: what the clock solve needs, a copy for those who read it again, and a draft where it may be one. */
export async function scanJob(job: ScanJob, events: JobEvents): Promise<ScanResult> {
  const { settings, track, number, mayDraft, readers, isMixed } = job;
  const copiesFrames = readers > 0 && job.wantFrames;
  const totalBytes = dumpBytesOf(track);
  const path = join(settings.workFolder, `draft-${number}.mkv`);
  const draft = mayDraft ? Draft.of(settings, track, path, copiesFrames) : undefined;
  using copy =
    draft === undefined && copiesFrames
      ? FrameCopy.of(track, join(settings.workFolder, `frames-${number}`))
      : undefined;
  const isSpooled =
    draft === undefined ? copy === undefined && (readers > 0 || mayDraft) : readers > 0 && !copiesFrames;
  const reading = readingOf(settings, events, (bytes) =>
    events.onProgress({ type: 'scan-progress', track: number, bytes, totalBytes }),
  );
  events.onProgress({ type: 'scan-started', track: number, totalBytes });
  const observer =
    settings.inspect === true ? new TrackObserver(settings.zeroUnixMs, draft?.sharedFrames()) : undefined;
  let drafted: DraftedFile | undefined;
  try {
    const scans = await scanTrack(track.segments, {
      ...reading,
      spool: isSpooled
        ? { folder: settings.workFolder, prefix: `spool-${number}`, always: isMixed }
        : undefined,
      tap: bothOf(observer, draft ?? copy),
      nearMs: settings.zeroUnixMs,
    });
    drafted = await draft?.finish(scans);
    events.onProgress({ type: 'scan-finished', track: number });
    const isOneStream = scans.every(({ layers }) => layers.length === 0);
    const frames = isOneStream ? (drafted?.frames ?? copy?.finish()) : undefined;
    return {
      scans: scans.map((scan) => ({ ...scan, frames })),
      draft: drafted,
      observed: observer?.dumps,
    };
  } finally {
    draft?.close();
    // A lost bet leaves its room to the outputs.
    if (drafted === undefined) for (const lost of [path, `${path}.index`]) await rm(lost, { force: true });
  }
}

/** What watches and what writes, as one. */
function bothOf(
  observer: TrackObserver | undefined,
  writer: Draft | FrameCopy | undefined,
): ScanTap | undefined {
  if (observer === undefined || writer === undefined) return observer ?? writer;
  return {
    opened: (packets, segment) => observer.opened(packets, segment),
    packet: (packet) => {
      observer.packet(packet);
      writer.packet(packet);
    },
    chunk: () => writer.chunk(),
    layered: (packets) => observer.layered(packets),
    layerPacket: (packet, layer) => observer.layerPacket(packet, layer),
    closed: (packets) => observer.closed(packets),
  };
}
