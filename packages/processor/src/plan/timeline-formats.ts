interface TimelineFormatFacts {
  readonly extension: string;
  /** Who wants it. */
  readonly for: 'editor' | 'podcast';
}

/** What is told of a call's media, for programs that cut it and for who publishes it. */
export const TIMELINE_FORMAT_TABLE = {
  /** OpenTimelineIO: DaVinci Resolve, kdenlive and others. */
  otio: { extension: 'otio', for: 'editor' },
  /** Final Cut Pro 7 XML (xmeml): Premiere, Resolve. */
  premiere: { extension: 'xml', for: 'editor' },
  /** Final Cut Pro, Resolve. */
  fcpxml: { extension: 'fcpxml', for: 'editor' },
  reaper: { extension: 'rpp', for: 'editor' },
  /** Audacity: which files to open side by side. */
  audacity: { extension: 'lof', for: 'editor' },
  /** Audacity: who speaks when. */
  labels: { extension: 'txt', for: 'editor' },
  /** Podcast namespace (podcastindex.org). */
  chapters: { extension: 'json', for: 'podcast' },
  /** For the page of an episode. */
  notes: { extension: 'txt', for: 'podcast' },
} as const satisfies Readonly<Record<string, TimelineFormatFacts>>;

export type TimelineFormat = keyof typeof TIMELINE_FORMAT_TABLE;

export const timelineFormatsFor = (whom: TimelineFormatFacts['for']): readonly TimelineFormat[] =>
  (Object.keys(TIMELINE_FORMAT_TABLE) as TimelineFormat[]).filter(
    (format) => TIMELINE_FORMAT_TABLE[format].for === whom,
  );
