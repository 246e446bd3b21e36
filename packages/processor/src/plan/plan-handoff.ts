import type { Recording } from '@rawreel/archive';
import { ProcessorError } from '../processor-error.ts';
import type { Candidate } from './candidates.ts';
import { PROXY_FPS } from './choices.ts';
import { callFileName, type Naming, timelineFileName, userFileNames, withSuffix } from './file-names.ts';
import { editorSuffix, podcastSuffix, shortHash } from './name-suffix.ts';
import { pairTracks } from './pair-tracks.ts';
import type {
  CompositeLook,
  EditorRequest,
  MixOutput,
  PodcastRequest,
  ProxyOutput,
  StemOutput,
  TimelineOutput,
} from './plan.ts';
import { checkSize } from './plan-composite.ts';
import { timelineFormatsFor } from './timeline-formats.ts';

type Named = Pick<Recording, 'callType' | 'callId' | 'tracks'>;

const callOf = ({ callType, callId }: Named) => ({ type: callType, id: callId });

/**
 * A proxy of each camera and screen, a stem of each voice, and their timeline in every format.
 *
 * @throws {ProcessorError} ERR_COMPOSITE_LOOK
 */
export function planEditor(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  { fps = 25, codec = 'h264', size = { width: 1280, height: 720 }, names = {} }: EditorRequest,
  recording: Named,
  naming: Naming,
): (ProxyOutput | StemOutput | TimelineOutput)[] {
  checkSize(size.width, size.height, 'a proxy');
  if (!PROXY_FPS.some((rate) => rate === fps))
    throw new ProcessorError('ERR_COMPOSITE_LOOK', `no proxy has ${JSON.stringify(fps)} pictures a second`, {
      hint: `Choose one of ${PROXY_FPS.join(', ')}.`,
    });
  const asked = new Set(chosen.map(({ number }) => number));
  const format = codec === 'prores' ? 'mov' : 'mp4';
  const pairs = pairTracks(candidates.map(({ planned }) => planned));
  const proxies = chosen
    .filter(({ planned: { kind } }) => kind === 'video')
    .map(({ number, file }): ProxyOutput => {
      const sound = pairs
        .filter(({ tracks: [picture] }) => picture === number)
        .flatMap(({ tracks }) => tracks.slice(1))
        .filter((partner) => asked.has(partner) && candidates[partner]?.planned.kind === 'audio');
      const name = file.replace(/^individual/, 'proxy').replace(/mkv$/, format);
      return {
        kind: 'proxy',
        file: name,
        format,
        look: proxyLook(size, fps),
        tracks: [number, ...new Set(sound)],
      };
    });
  const stems = planStems(chosen, '', 'wav', names, recording, naming);
  const media = [...proxies, ...stems];
  if (media.length === 0) return [];
  const tracks = [...new Set(media.flatMap((output) => output.tracks))].sort((a, b) => a - b);
  const timelines = timelineFormatsFor('editor').map(
    (each): TimelineOutput => ({
      kind: 'timeline',
      file: timelineFileName(callOf(recording), each, naming),
      format: each,
      fps,
      size,
      names,
      tracks,
    }),
  );
  const suffix = editorSuffix({ fps, codec, size, names });
  return ofPart([...media, ...timelines], suffix, candidates, chosen);
}

/** A stem of each voice, the mix at the loudness that platforms want, its chapters, and words about it. */
export function planPodcast(
  candidates: readonly Candidate[],
  chosen: readonly Candidate[],
  { stems: stemFormat = 'flac', format = 'mp3', loudnessLufs = -16, names = {} }: PodcastRequest,
  recording: Named,
  naming: Naming,
): (MixOutput | StemOutput | TimelineOutput)[] {
  const stems = planStems(chosen, 'podcast-', stemFormat, names, recording, naming);
  const tracks = stems.flatMap((stem) => stem.tracks);
  if (tracks.length === 0) return [];
  const mix: MixOutput = {
    kind: 'mix',
    file: callFileName('podcast', callOf(recording), format, naming),
    format,
    loudnessLufs,
    chapters: { names },
    tracks,
  };
  const texts = timelineFormatsFor('podcast').map(
    (each): TimelineOutput => ({
      kind: 'timeline',
      file: timelineFileName(callOf(recording), each, naming),
      format: each,
      fps: 25,
      size: { width: 1280, height: 720 },
      names,
      tracks,
    }),
  );
  const isSound = ({ planned: { kind } }: Candidate) => kind === 'audio';
  const suffix = podcastSuffix({ loudnessLufs, names });
  return ofPart([...stems, mix, ...texts], suffix, candidates.filter(isSound), chosen.filter(isSound));
}

/**
 * What is made of some of the tracks begins and ends with these, and is told of these alone: its names say so, and nothing of it
 * takes the place of what was made of all.
 *
 * @param suffix what else tells it from others
 */
function ofPart<Output extends { readonly file: string }>(
  outputs: readonly Output[],
  suffix: string,
  all: readonly Candidate[],
  part: readonly Candidate[],
): Output[] {
  const ids = part.map(({ from: { sessionId, trackId } }) => [sessionId, trackId]);
  const own = part.length === all.length ? suffix : `${suffix}_${shortHash(ids)}`;
  return outputs.map((output) => ({ ...output, file: withSuffix(output.file, own) }));
}

/** What is played in a shared screen is nobody's voice, and has a stem of its own. */
function planStems(
  chosen: readonly Candidate[],
  whose: '' | 'podcast-',
  format: StemOutput['format'],
  names: NonNullable<EditorRequest['names']>,
  recording: Named,
  naming: Naming,
): StemOutput[] {
  const users = [...new Set(recording.tracks.map(({ userId }) => userId))];
  return [false, true].flatMap((isShared) => {
    const kind = isShared ? 'screen-stem' : 'stem';
    const files = userFileNames(`${whose}${kind}`, callOf(recording), users, format, naming);
    const sound = chosen.filter(
      ({ planned: { kind, screenshare } }) => kind === 'audio' && screenshare === isShared,
    );
    return [...Map.groupBy(sound, ({ planned: { userId } }) => userId)].map(([userId, own]): StemOutput => {
      const name = (Object.hasOwn(names, userId) ? names[userId]?.name : undefined) ?? userId;
      return {
        kind: 'stem',
        file: files[users.indexOf(userId)] ?? '',
        format,
        name: isShared ? `${name} (screen)` : name,
        tracks: own.map(({ number }) => number),
      };
    });
  });
}

const proxyLook = (size: CompositeLook['size'], fps: number): CompositeLook => ({
  layout: 'single',
  size,
  fps,
  fit: 'contain',
  places: 1,
  background: '#000000',
  speakerBorder: false,
  labels: false,
  blur: [],
  names: {},
});
