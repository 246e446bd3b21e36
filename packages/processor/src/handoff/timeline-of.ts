import { chaptersOf, momentsOf } from '../composite/chapters.ts';
import { pictureAt } from '../composite/decoders/shot.ts';
import type { Cast } from '../composite/scenes/cast.ts';
import type { DisplayName } from '../plan/plan.ts';
import { type Size, type SourceId, type Span, sourceKey } from '../plan/scene-list.ts';
import type { Stretch, Timeline, TimelineMarker, TimelineTrack } from './timeline.ts';

/** A file that lies beside the timeline. */
export type TimelineMedia =
  | {
      readonly kind: 'proxy';
      readonly file: string;
      readonly source: SourceId;
      readonly channels: number;
    }
  | {
      readonly kind: 'stem';
      readonly file: string;
      readonly name: string;
      readonly channels: number;
    };

export interface TimelineFacts {
  readonly name: string;
  readonly fps: number;
  readonly size: Size;
  readonly startsAt: string;
  readonly madeBy: string;
  readonly names: Readonly<Record<string, DisplayName>>;
  readonly media: readonly TimelineMedia[];
}

/** The timeline of a call: what of each file is used, and where cameras were off and people away. */
export function timelineOf(cast: Cast, { media, names, ...facts }: TimelineFacts): Timeline {
  const { fps } = facts;
  const length = pictureAt(cast.durationMs, fps);
  const nameOf = (userId: string) =>
    (Object.hasOwn(names, userId) ? names[userId]?.name : undefined) ?? userId;
  const sources = new Map(cast.sources.map((source) => [sourceKey(source.source), source]));
  const pictures = new Map<string, number>();
  /** Of cameras of one user, at once or of one connection after another, each has its number from the second on. */
  const numberedName = (name: string): string => {
    const number = (pictures.get(name) ?? 0) + 1;
    pictures.set(name, number);
    return number === 1 ? name : `${name} ${number}`;
  };
  const tracks: TimelineTrack[] = [];
  const markers: TimelineMarker[] = [];
  for (const each of media) {
    if (each.kind === 'stem') {
      const clips = length > 0 ? [{ from: 0, to: length }] : [];
      tracks.push({
        kind: 'audio',
        name: each.name,
        file: each.file,
        length,
        channels: each.channels,
        clips,
      });
      continue;
    }
    const source = sources.get(sourceKey(each.source));
    if (source === undefined) continue;
    const clips = stretchesOf(source.on, fps);
    const name = numberedName(source.isShare ? `${nameOf(source.userId)} (screen)` : nameOf(source.userId));
    tracks.push({
      kind: 'video',
      name,
      file: each.file,
      length: clips.at(-1)?.to ?? 0,
      channels: each.channels,
      clips,
    });
    for (const gap of between(clips))
      markers.push({
        ...gap,
        kind: 'camera-off',
        name: source.isShare ? `${name}: not shared` : `${name}: camera off`,
      });
  }
  for (const { userId, present } of cast.members)
    for (const gap of between(stretchesOf(present, fps)))
      markers.push({ ...gap, kind: 'away', name: `${nameOf(userId)}: away` });
  const chapters = chaptersOf(momentsOf(cast, names), cast.durationMs);
  for (const { startMs, title } of chapters) {
    const from = pictureAt(startMs, fps);
    if (from < length) markers.push({ from, to: from + 1, kind: 'chapter', name: title });
  }
  const turns = cast.members.flatMap(({ userId, turns: own }) =>
    own.map((turn) => ({ ...turn, name: nameOf(userId) })),
  );
  return {
    ...facts,
    length,
    durationMs: cast.durationMs,
    tracks: tracks.toSorted((a, b) => Number(a.kind === 'audio') - Number(b.kind === 'audio')),
    markers: markers.sort((a, b) => a.from - b.from || a.to - b.to),
    chapters,
    turns: turns.sort((a, b) => a.startMs - b.startMs || a.endMs - b.endMs),
  };
}

/** Spans as the pictures nearest to them, those that are a picture long at least. */
export function stretchesOf(spans: readonly Span[], fps: number): Stretch[] {
  return spans.flatMap(({ startMs, endMs }) => {
    const [from, to] = [pictureAt(startMs, fps), pictureAt(endMs, fps)];
    return to > from ? [{ from, to }] : [];
  });
}

function between(stretches: readonly Stretch[]): Stretch[] {
  return stretches.flatMap(({ from }, index) => {
    const before = stretches[index - 1];
    return before !== undefined && from > before.to ? [{ from: before.to, to: from }] : [];
  });
}
