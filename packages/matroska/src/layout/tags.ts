import { type EbmlElement, master, uint, utf8 } from '../ebml/elements.ts';
import { Id } from '../ebml/ids.ts';
import type { MatroskaOptions } from '../matroska-options.ts';

type TagValues = Readonly<Record<string, string>>;

/** Tags (RFC 9559 §5.1.8): one Tag for the segment, one for each track that has any; undefined when there are none. */
export function tagsElement(options: MatroskaOptions, trackUids: readonly number[]): EbmlElement | undefined {
  const tags = [
    // 50 is the level of a whole recording; it is the default, but mkvinfo and some players look for it.
    tag([uint(Id.TargetTypeValue, 50)], options.tags),
    ...options.tracks.map((track, index) =>
      tag([uint(Id.TagTrackUID, trackUids[index] as number)], track.tags),
    ),
  ];
  return tags.some((each) => each !== undefined) ? master(Id.Tags, tags) : undefined;
}

function tag(targets: readonly EbmlElement[], values: TagValues = {}): EbmlElement | undefined {
  const entries = Object.entries(values);
  if (entries.length === 0) return undefined;
  return master(Id.Tag, [
    master(Id.Targets, targets),
    ...entries.map(([name, value]) =>
      master(Id.SimpleTag, [utf8(Id.TagName, name), utf8(Id.TagString, value)]),
    ),
  ]);
}
