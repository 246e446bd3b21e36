import type { Recording } from '@rawreel/archive';
import type { Candidate } from './candidates.ts';
import { captionsOf } from './captions-of.ts';
import { checkScenes, checkScenesOf, noSuchLook } from './check-scenes.ts';
import { COMPOSITE_FPS, COMPOSITE_PLACES, COMPOSITE_SIDE, X264_PRESETS } from './choices.ts';
import { callFileName, type Naming } from './file-names.ts';
import { compositeSuffix } from './name-suffix.ts';
import type {
  CaptionsOutput,
  ChaptersOutput,
  CompositeLook,
  CompositeOutput,
  CompositeRequest,
  ScenesOutput,
} from './plan.ts';
import { planCut } from './plan-cut.ts';
import { noSuch } from './select-tracks.ts';

/**
 * A film of the call, its captions, chapters and scenes. Tracks that exist only if a sender changed its codec are in it, too.
 *
 * @throws {ProcessorError} ERR_COMPOSITE_LOOK, ERR_NO_SUCH_USER, ERR_NO_SUCH_TIME
 */
export function planComposite(
  candidates: readonly Candidate[],
  request: CompositeRequest,
  recording: Pick<Recording, 'callType' | 'callId' | 'tracks' | 'zeroUnixMs'>,
  naming: Naming,
): (CompositeOutput | CaptionsOutput | ChaptersOutput | ScenesOutput)[] {
  const look = lookOf(request);
  const known = new Set(recording.tracks.map(({ userId }) => userId));
  const { users = [...known], without = [], blur = [] } = request;
  for (const userId of [...users, ...without, ...blur]) {
    if (known.has(userId)) continue;
    throw noSuch('ERR_NO_SUCH_USER', 'user', userId, [...known].sort());
  }
  const seen = new Set(users.filter((userId) => !without.includes(userId)));
  if (seen.size === 0 && known.size > 0)
    throw noSuchLook('nobody is left to be seen or heard', 'Leave out fewer people.');
  const theirs = recording.tracks.filter(({ userId }) => seen.has(userId));
  planCut(request, { ...recording, tracks: theirs });
  if (request.scenes !== undefined) checkScenesOf(request.scenes, recording, seen);
  const tracks = candidates.filter(({ planned: { userId } }) => seen.has(userId)).map(({ number }) => number);
  if (tracks.length === 0) return [];
  const call = { type: recording.callType, id: recording.callId };
  const { format = 'mp4', film = true, captions, encoder, preset = USUAL.more.preset } = request;
  const isEverybody = seen.size === known.size;
  if (!X264_PRESETS.includes(preset))
    throw noSuchLook(
      `${JSON.stringify(preset)} is no preset of x264`,
      `Choose one of ${X264_PRESETS.join(', ')}.`,
    );
  const more = { users: isEverybody ? undefined : [...seen].sort(), captions, encoder, preset };
  const suffix = compositeSuffix({ look, more }, USUAL);
  const scenes: ScenesOutput = {
    kind: 'scenes',
    file: callFileName('scenes', call, 'json', naming, suffix),
    look,
    tracks,
  };
  const spoken = captions && captionsOf(captions, seen, isEverybody, look.names);
  const beside: CaptionsOutput[] =
    spoken === undefined
      ? []
      : [
          {
            kind: 'captions',
            file: callFileName('composite', call, 'vtt', naming, suffix),
            look,
            captions: spoken,
            tracks,
          },
        ];
  if (!film) return [...beside, scenes];
  const output: CompositeOutput = {
    kind: 'composite',
    file: callFileName('composite', call, format, naming, suffix),
    format,
    look,
    ...(spoken === undefined ? {} : { captions: spoken }),
    ...(encoder === undefined ? {} : { encoder }),
    preset,
    tracks,
  };
  const chapters: ChaptersOutput = {
    kind: 'chapters',
    file: callFileName('chapters', call, 'vtt', naming, suffix),
    look,
    ...(spoken === undefined ? {} : { captions: spoken }),
    tracks,
  };
  return [output, ...beside, chapters, scenes];
}

/** @throws {ProcessorError} ERR_COMPOSITE_LOOK */
function lookOf(request: CompositeRequest): CompositeLook {
  const { scenes, columns, title, logo, fromMs, toMs } = request;
  const { size = scenes ?? DEFAULT_SIZE, fps = scenes?.fps ?? 25 } = request;
  const { background = '#16181d', speakerBorder = '#3ea6ff' } = request;
  const { width, height } = size;
  checkSize(width, height);
  checkNumber('pictures a second', fps, COMPOSITE_FPS);
  const places = checkNumber('people at a time', request.places ?? 16, COMPOSITE_PLACES);
  for (const colour of [background, speakerBorder]) if (colour !== false) checkColour(colour);
  if (scenes !== undefined) checkScenes(scenes, { width, height, fps });
  return {
    layout: request.layout ?? 'auto',
    size: { width, height },
    fps,
    fit: request.fit ?? 'contain',
    places,
    ...(columns === undefined ? {} : { columns: checkNumber('columns', columns, COMPOSITE_PLACES) }),
    background,
    speakerBorder,
    labels: request.labels ?? true,
    ...(title === undefined ? {} : { title }),
    ...(logo === undefined ? {} : { logo }),
    ...(fromMs === undefined ? {} : { fromMs }),
    ...(toMs === undefined ? {} : { toMs }),
    blur: request.blur ?? [],
    names: request.names ?? {},
    ...(scenes === undefined ? {} : { scenes }),
  };
}

const DEFAULT_SIZE = { width: 1280, height: 720 } as const;

/** Of everybody, with no more said than its format: its name has no suffix. */
const USUAL = { look: lookOf({}), more: { preset: 'veryfast' } } as const;

interface Range {
  readonly least: number;
  readonly most: number;
}

function checkNumber(what: string, value: number, { least, most }: Range): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value;
  const message = `${JSON.stringify(value)} ${what} cannot be had in a composite`;
  throw noSuchLook(message, `Choose a whole number from ${least} to ${most}.`);
}

/** @throws {ProcessorError} ERR_COMPOSITE_LOOK */
export function checkSize(width: number, height: number, what = 'a composite'): void {
  const { least, most } = COMPOSITE_SIDE;
  const isRight = (side: number) => side % 2 === 0 && side >= least && side <= most;
  if (isRight(width) && isRight(height)) return;
  throw noSuchLook(
    `${what} cannot be ${width}x${height}`,
    `Its sides are even numbers from ${least} to ${most}.`,
  );
}

function checkColour(colour: string): void {
  if (/^#[0-9a-f]{6}$/i.test(colour)) return;
  throw noSuchLook(`${JSON.stringify(colour)} is no colour`, 'Colours are written like #16181d.');
}
