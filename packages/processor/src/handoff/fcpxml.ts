import { mediaUrl } from './pieces.ts';
import type { Timeline, TimelineTrack } from './timeline.ts';
import { type Element, element, xmlDocument } from './xml.ts';

/**
 * FCPXML 1.9 (Apple). All clips hang at one gap that lasts as long as the call, pictures above it and sound below, so that
 * nothing moves when one of them is taken out.
 */
export function writeFcpxml(timeline: Timeline): string {
  const { name, fps, size, length, tracks, markers } = timeline;
  const time = (pictures: number) => (pictures === 0 ? '0s' : `${pictures}/${fps}s`);
  const format = element('format', {
    id: 'r0',
    frameDuration: `1/${fps}s`,
    width: size.width,
    height: size.height,
  });
  const assets = tracks.map((track, index) => asset(track, `r${index + 1}`, time));
  const pictures = tracks.filter(({ kind }) => kind === 'video').length;
  const clips = tracks.flatMap((track, index) =>
    track.clips.map(({ from, to }) =>
      element('asset-clip', {
        name: track.name,
        ref: `r${index + 1}`,
        // As in other formats, the first picture is the lowest.
        lane: index < pictures ? index + 1 : pictures - index - 1,
        offset: time(from),
        start: time(from),
        duration: time(to - from),
        ...(track.kind === 'video' ? { format: 'r0', srcEnable: 'video' } : { audioRole: 'dialogue' }),
      }),
    ),
  );
  const marks = markers.map((marker) =>
    marker.kind === 'chapter'
      ? element('chapter-marker', {
          start: time(marker.from),
          duration: time(1),
          value: marker.name,
          posterOffset: '0s',
        })
      : element('marker', {
          start: time(marker.from),
          duration: time(marker.to - marker.from),
          value: marker.name,
        }),
  );
  const gap = element(
    'gap',
    { name: 'Gap', offset: '0s', start: '0s', duration: time(length) },
    ...clips,
    ...marks,
  );
  const sequence = element(
    'sequence',
    {
      format: 'r0',
      duration: time(length),
      tcStart: '0s',
      tcFormat: 'NDF',
      audioLayout: 'stereo',
      audioRate: '48k',
    },
    element('spine', {}, gap),
  );
  const event = element('event', { name }, element('project', { name }, sequence));
  return xmlDocument(
    '<!DOCTYPE fcpxml>',
    element(
      'fcpxml',
      { version: '1.9' },
      element('resources', {}, format, ...assets),
      element('library', {}, event),
    ),
  );
}

function asset(track: TimelineTrack, id: string, time: (pictures: number) => string): Element {
  const { kind, name, file, length, channels } = track;
  return element(
    'asset',
    {
      id,
      name,
      start: '0s',
      duration: time(length),
      ...(kind === 'video' ? { hasVideo: 1, format: 'r0' } : {}),
      ...(channels > 0 ? { hasAudio: 1, audioSources: 1, audioChannels: channels, audioRate: 48_000 } : {}),
    },
    element('media-rep', { kind: 'original-media', src: mediaUrl(file) }),
  );
}
