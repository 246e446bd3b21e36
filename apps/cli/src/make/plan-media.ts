import type { Plan } from '@rawreel/processor';
import { printable, withoutUndefined } from '@rawreel/text';
import { type Moment, positionOf } from '../declare/moment.ts';
import { CliError } from '../failure/errors.ts';
import type { OpenedRecording, ProcessorPackage } from '../lazy-packages.ts';
import { idsOf } from '../listing/json-listing.ts';
import type { CutMoments } from '../options/cut.ts';
import type { Input } from '../options/input.ts';
import type { TrackFilter } from '../options/track-filter.ts';
import { idAsPrinted } from '../terminal/id-as-printed.ts';
import { inputAsTyped } from '../terminal/input-as-typed.ts';
import type { MediaSettings } from './media-settings.ts';

/** @throws CliError for an id that nobody has */
export async function planMedia(
  { request: asked, cut, filter, input }: MediaSettings,
  recording: OpenedRecording,
  processor: ProcessorPackage,
): Promise<Plan> {
  const request = withPeople(cut === undefined ? asked : withCut(asked, cut, recording), recording);
  const wanted = filter ?? { kind: 'users' as const, ids: peopleOf(request) };
  const known = idsOf(recording.tracks, wanted.kind);
  const ids = wanted.ids.map((id) => idAsPrinted(id, known));
  try {
    return processor.planRecording(
      recording,
      filter === undefined ? request : { ...request, [filter.key]: ids },
    );
  } catch (error) {
    throw (await unknownId(error, wanted, input)) ?? error;
  }
}

type Request = MediaSettings['request'];

/** Whom a composite is told of by id. */
const peopleOf = ({
  composite: { users = [], without = [], blur = [] } = {},
}: Request): readonly string[] => [...users, ...without, ...blur];

/** The request with the ids of a composite as the recording has them. */
function withPeople(request: Request, { tracks }: Pick<OpenedRecording, 'tracks'>): Request {
  if (peopleOf(request).length === 0) return request;
  const known = idsOf(tracks, 'users');
  const meant = (ids: readonly string[] | undefined) => ids?.map((id) => idAsPrinted(id, known));
  const { users, without, blur } = request.composite ?? {};
  const people = { users: meant(users), without: meant(without), blur: meant(blur) };
  return { ...request, composite: { ...request.composite, ...people } };
}

/** The request with its part as positions, which only the recording can tell. */
function withCut(
  request: Request,
  { from, to }: CutMoments,
  { zeroUnixMs, source }: Pick<OpenedRecording, 'zeroUnixMs' | 'source'>,
): Request {
  const at = (moment: Moment | undefined): number | undefined => {
    if (moment?.kind === 'position') return moment.ms;
    if (moment === undefined) return undefined;
    if (zeroUnixMs !== undefined) return Math.max(0, positionOf(moment, zeroUnixMs));
    throw new CliError(`${printable(source)} does not say when it was recorded`, {
      code: 'ERR_NO_SUCH_TIME',
      hints: ['Give positions from its beginning, such as 15m or 1:02:03.'],
    });
  };
  const part = withoutUndefined({ fromMs: at(from), toMs: at(to) });
  return request.outputs.includes('composite')
    ? { ...request, composite: { ...request.composite, ...part } }
    : { ...request, ...part };
}

/** A time that there is not is told as it is. */
const NO_SUCH_ID = /^ERR_NO_SUCH_(?:USER|SESSION|TRACK)$/;

/** The error for an id that nobody has, with the one it is closest to and the command that lists them all. */
export async function unknownId(
  error: unknown,
  { ids, kind }: Pick<TrackFilter, 'ids' | 'kind'>,
  input: Input,
): Promise<CliError | undefined> {
  if (!(error instanceof Error && 'code' in error && NO_SUCH_ID.test(String(error.code)))) return undefined;
  const details =
    'details' in error ? (error.details as { known?: readonly string[] } | undefined) : undefined;
  const known = details?.known ?? [];
  const id = ids.find((each) => !known.includes(each)) ?? '';
  const { closest } = await import('../failure/did-you-mean.ts');
  const near = closest(id, known);
  const list = `rawreel list-tracks ${inputAsTyped(input)} --format ${kind}`;
  return new CliError(`no ${kind.slice(0, -1)} "${printable(id)}" in this recording`, {
    code: String(error.code),
    hints: [...(near === undefined ? [] : [`Did you mean "${printable(near)}"?`]), `All ${kind}: ${list}`],
    cause: error,
  });
}
