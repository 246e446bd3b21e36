import { CODECS } from '@rawreel/rtp';
import type { PlacedTrack } from '../../read/placed-track.ts';
import type { ObservedDump } from '../collect/observed.ts';
import type { PictureCounts } from '../collect/pictures.ts';
import { mergedSeconds, SECOND, type SecondRows, totalOf } from '../collect/seconds.ts';
import type { SoundCounts } from '../collect/sound.ts';
import type { InspectedTrack, PictureMeasures, SoundMeasures } from '../inspection.ts';
import { columnsOf } from './columns.ts';
import { delaysAboveLeast } from './delays.ts';
import { impairedSpeech } from './impaired-speech.ts';
import { freezesOf, simulcastOf } from './simulcast.ts';

/** A track with what was seen of it. */
export interface WatchedTrack {
  readonly placed: PlacedTrack;
  readonly dumps: readonly ObservedDump[];
}

/** All measures of one track. */
export function measureTrack({ placed, dumps }: WatchedTrack, zeroUnixMs: number): InspectedTrack {
  const { track, codec, clock, runs } = placed;
  const { clockRate } = CODECS[codec];
  const heard = dumps.filter(({ sources }) => sources.length > 0);
  const sources = heard.flatMap((dump) => dump.sources);
  const sum = (key: 'received' | 'expected' | 'lost' | 'duplicate' | 'reordered') =>
    sources.reduce((all, source) => all + source[key], 0);
  const total = (key: 'unrepaired' | 'late' | 'padding' | 'foreign' | 'malformed' | 'reports') =>
    dumps.reduce((all, dump) => all + dump[key], 0);
  const segments = heard
    .map((dump) => ({
      fromMs: round(Math.min(...dump.sources.map(({ firstMs }) => firstMs))),
      untilMs: round(Math.max(...dump.sources.map(({ lastMs }) => lastMs))),
    }))
    .sort((a, b) => a.fromMs - b.fromMs);
  const seconds = mergedSeconds(dumps.map((dump) => dump.seconds));
  const segmentOf = new Map(track.segments.map(({ base }, segment) => [base, segment]));
  const seen = dumps.map(({ base, delays }) => ({ segment: segmentOf.get(base) ?? 0, delays }));
  const delays = delaysAboveLeast(seen, runs, clockRate, zeroUnixMs, seconds);
  const told = delays.filter((delayMs) => !Number.isNaN(delayMs));
  const received = sum('received');
  const lost = sum('lost');
  const expected = sum('expected');
  /** Packets with one before them: the first has neither delta nor jitter. */
  const pairs = sources.reduce((all, source) => all + Math.max(0, source.received - 1), 0);
  const sounds = dumps.flatMap(({ sound }) => sound ?? []);
  const pictures = dumps.flatMap(({ pictures }) => pictures ?? []);
  return {
    userId: track.userId,
    sessionId: track.sessionId,
    trackId: track.trackId,
    trackType: track.trackType,
    kind: track.kind,
    screenshare: track.screenshare,
    codec,
    segments,
    mutedMs: mutedMs(segments),
    packets: {
      received,
      expected,
      lost,
      lostShare: expected === 0 ? 0 : lost / expected,
      unrepaired: total('unrepaired'),
      duplicate: sum('duplicate'),
      reordered: sum('reordered'),
      late: total('late'),
      padding: total('padding'),
      foreign: total('foreign'),
      malformed: total('malformed'),
      reports: total('reports'),
    },
    bursts: burstMeasures(heard, segments),
    jitter: {
      meanMs: hundredths(mean(sources, ({ jitterSumMs }) => jitterSumMs, pairs)),
      maxMs: hundredths(most(sources.map(({ jitterMaxMs }) => jitterMaxMs))),
    },
    delta: {
      meanMs: hundredths(mean(sources, ({ firstMs, lastMs }) => lastMs - firstMs, pairs)),
      maxMs: hundredths(most(sources.map(({ deltaMaxMs }) => deltaMaxMs))),
    },
    stalls: heard.flatMap((dump) =>
      dump.stalls.map((stall) => ({ ...rounded(stall), heldMs: round(stall.heldMs) })),
    ),
    repairs: repairsOf(dumps),
    bitrate: bitrateOf(seconds, segments),
    delay: {
      meanMs: hundredths(
        told.length === 0 ? 0 : told.reduce((all, delayMs) => all + delayMs, 0) / told.length,
      ),
      maxMs: hundredths(told.reduce((high, delayMs) => Math.max(high, delayMs), 0)),
    },
    clock: {
      ...clock,
      steps: runs.reduce(
        (all, run) => all + run.clock.filter(({ goesOn }, at) => at > 0 && !goesOn).length,
        0,
      ),
    },
    ...(sounds.length > 0 ? { sound: soundMeasures(sounds) } : {}),
    ...(pictures.length > 0 ? { picture: pictureMeasures(pictures, heard, segments) } : {}),
    seconds: columnsOf(seconds, delays, track.kind),
  };
}

const round = Math.round;
const hundredths = (value: number): number => Math.round(value * 100) / 100;
const most = (values: readonly number[]): number => values.reduce((high, value) => Math.max(high, value), 0);

const rounded = <Item extends Stretch>(item: Item): Item => ({
  ...item,
  fromMs: round(item.fromMs),
  untilMs: round(item.untilMs),
});

const atWholeMs = <Item extends { readonly atMs: number }>(item: Item): Item => ({
  ...item,
  atMs: round(item.atMs),
});

function mean<Item>(items: readonly Item[], of: (item: Item) => number, count: number): number {
  return count === 0 ? 0 : items.reduce((all, item) => all + of(item), 0) / count;
}

type Stretch = { readonly fromMs: number; readonly untilMs: number };

const lengthOf = (stretches: readonly Stretch[]): number =>
  stretches.reduce((all, { fromMs, untilMs }) => all + untilMs - fromMs, 0);

const mutedMs = (segments: readonly Stretch[]): number =>
  segments.reduce(
    (all, { fromMs }, at) => all + Math.max(0, fromMs - (segments[at - 1]?.untilMs ?? fromMs)),
    0,
  );

function burstMeasures(
  dumps: readonly ObservedDump[],
  segments: readonly Stretch[],
): InspectedTrack['bursts'] {
  const counts = dumps.flatMap((dump) => dump.bursts);
  const sum = (key: keyof (typeof counts)[number]) => counts.reduce((all, each) => all + each[key], 0);
  const count = sum('bursts');
  const gapMs = lengthOf(segments) - sum('burstMs');
  return {
    count,
    density: share(sum('burstLost'), sum('burstPackets')),
    meanMs: hundredths(count === 0 ? 0 : sum('burstMs') / count),
    gapDensity: share(sum('gapLost'), sum('gapPackets')),
    // A gap before each burst, and one behind the last.
    gapMeanMs: hundredths(gapMs / (count + segments.length || 1)),
    list: dumps.flatMap(({ burstList }) => burstList.map(rounded)),
  };
}

const share = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);

function repairsOf(dumps: readonly ObservedDump[]): InspectedTrack['repairs'] {
  const sum = (of: (dump: ObservedDump) => number) => dumps.reduce((all, dump) => all + of(dump), 0);
  return {
    rtx: {
      packets: sum(({ repairs }) => repairs.rtx.packets),
      bytes: sum(({ repairs }) => repairs.rtx.bytes),
      repaired: sum(({ repairs }) => repairs.rtx.repaired),
    },
    red: {
      packets: sum(({ repairs }) => repairs.red.packets),
      repaired: sum(({ repairs }) => repairs.red.repaired),
    },
    fec: {
      packets: sum(({ repairs }) => repairs.fec.packets),
      bytes: sum(({ repairs }) => repairs.fec.bytes),
      repaired: sum(({ repairs }) => repairs.fec.repaired),
    },
  };
}

function bitrateOf(seconds: SecondRows, segments: readonly Stretch[]): InspectedTrack['bitrate'] {
  const { sum, highest } = totalOf(seconds, SECOND.bytes);
  const ms = lengthOf(segments);
  return {
    // A single packet takes no time.
    meanKbps: hundredths(share(sum * 8, ms)),
    maxKbps: hundredths(highest * 0.008),
  };
}

function soundMeasures(sounds: readonly SoundCounts[]): SoundMeasures {
  const sum = (
    key: 'carriedMs' | 'dtxMs' | 'pausedMs' | 'silentMs' | 'concealedMs' | 'interruptedMs',
  ): number => round(sounds.reduce((all, sound) => all + sound[key], 0));
  const levels = sounds.flatMap(({ level }) => level ?? []);
  const levelMs = levels.reduce((all, { ms }) => all + ms, 0);
  const turns = sounds
    .flatMap((sound) => sound.turns)
    .map(({ startMs, endMs }) => ({
      startMs: round(startMs),
      endMs: round(endMs),
    }));
  const holes = sounds.flatMap((sound) => sound.holes.map(rounded));
  return {
    ...impairedSpeech(turns, holes),
    carriedMs: sum('carriedMs'),
    dtxMs: sum('dtxMs'),
    pausedMs: sum('pausedMs'),
    silentMs: sum('silentMs'),
    concealedMs: sum('concealedMs'),
    interruptedMs: sum('interruptedMs'),
    ...(levelMs > 0
      ? { meanLevelDbov: hundredths(levels.reduce((all, { sumDbov }) => all + sumDbov, 0) / levelMs) }
      : {}),
    turns,
    holes,
  };
}

function pictureMeasures(
  pictures: readonly PictureCounts[],
  dumps: readonly ObservedDump[],
  segments: readonly Stretch[],
): PictureMeasures {
  const sum = (
    key: 'shown' | 'incomplete' | 'undecodable' | 'beforeKeyFrame' | 'keyFrames' | 'keyFrameBytes',
  ) => pictures.reduce((all, each) => all + each[key], 0);
  const intervals = pictures.map(({ keyFrameIntervals }) => keyFrameIntervals);
  const intervalCount = intervals.reduce((all, { count }) => all + count, 0);
  const freezes = dumps.flatMap((dump) => freezesOf(dump) ?? []);
  const keyFrames = sum('keyFrames');
  const layers: Record<string, number> = {};
  for (const [name, count] of pictures.flatMap((each) => Object.entries(each.layers)))
    layers[name] = (layers[name] ?? 0) + count;
  return {
    shown: sum('shown'),
    incomplete: sum('incomplete'),
    undecodable: sum('undecodable'),
    beforeKeyFrame: sum('beforeKeyFrame'),
    meanFps: hundredths(share(sum('shown') * 1000, lengthOf(segments))),
    keyFrames: {
      count: keyFrames,
      meanIntervalMs: round(mean(intervals, ({ sumMs }) => sumMs, intervalCount)),
      maxIntervalMs: round(most(intervals.map(({ maxMs }) => maxMs))),
      meanBytes: keyFrames === 0 ? 0 : round(sum('keyFrameBytes') / keyFrames),
      maxBytes: most(pictures.map(({ keyFrameBytesMax }) => keyFrameBytesMax)),
      timesMs: pictures.flatMap(({ keyFrameTimesMs }) => keyFrameTimesMs.map(round)),
    },
    sizes: pictures.flatMap(({ sizes }) => sizes.map(atWholeMs)).filter(isChangeOfSize),
    rotations: pictures
      .flatMap(({ rotations }) => rotations.map(atWholeMs))
      .filter(({ degrees }, at, all) => all[at - 1]?.degrees !== degrees),
    freezes: {
      count: freezes.reduce((all, { count }) => all + count, 0),
      totalMs: round(freezes.reduce((all, { totalMs }) => all + totalMs, 0)),
      longestMs: round(most(freezes.map(({ longestMs }) => longestMs))),
      list: freezes.flatMap(({ list }) => list.map(rounded)),
    },
    firstPictureMs: pictures.map(({ firstPacketMs, firstShownMs }) =>
      firstPacketMs === undefined || firstShownMs === undefined ? null : round(firstShownMs - firstPacketMs),
    ),
    layers,
    simulcast: simulcastOf(dumps),
  };
}

const isChangeOfSize = (
  { width, height }: PictureMeasures['sizes'][number],
  at: number,
  all: PictureMeasures['sizes'],
): boolean => all[at - 1]?.width !== width || all[at - 1]?.height !== height;
