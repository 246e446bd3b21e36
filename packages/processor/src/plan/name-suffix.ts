import { createHash } from 'node:crypto';
import { safeNamePart } from './file-names.ts';
import type {
  CompositeLook,
  DisplayName,
  EditorRequest,
  MixRequest,
  PlannedOutput,
  PlanRequest,
  PodcastRequest,
} from './plan.ts';
import { cutSuffix } from './plan-cut.ts';

/**
 * What tells a mix from the one that is made of everybody with no more said than its format, which has no suffix: two
 * different mixes never have one name.
 *
 * @param tracks ids of what is mixed; undefined where that is all there is
 */
export function mixSuffix(
  { layout, bitrateKbps, loudnessLufs, gateDbov, screenshare = true }: MixRequest,
  tracks: readonly (readonly string[])[] | undefined,
): string {
  const words = [
    ...(layout === undefined ? [] : [layout]),
    ...(bitrateKbps === undefined ? [] : [`${bitrateKbps}kbps`]),
    ...(loudnessLufs === undefined ? [] : [`${loudnessLufs}LUFS`]),
    ...(gateDbov === undefined ? [] : [`gate${gateDbov}dBov`]),
    ...(screenshare ? [] : ['no-screenshare']),
    ...(tracks === undefined ? [] : [shortHash(tracks)]),
  ];
  return suffixOf(words);
}

const suffixOf = (words: readonly string[]): string => words.map((word) => `_${word}`).join('');

/** What begins elsewhere where all is to begin with the recording. */
const ALIGNED: ReadonlySet<PlannedOutput['kind']> = new Set([
  'audio',
  'video',
  'muxed',
  'mix',
  'composite',
  'captions',
  'chapters',
  'scenes',
]);

/**
 * What tells a file from one of its kind that has another time 0. How gaps and DTX are filled is not told: Stream's own command
 * line has these options, too, and its names do not depend on them.
 */
export const alignSuffix = (kind: PlannedOutput['kind'], { align }: Pick<PlanRequest, 'align'>): string =>
  align === 'recording' && ALIGNED.has(kind) ? '_align-recording' : '';

/** What tells an editor's files from the usual ones; all of one export have the same, as its timeline names the others. */
export function editorSuffix({
  fps,
  codec,
  size: { width, height },
  names,
}: Required<{ [Key in keyof EditorRequest]: NonNullable<EditorRequest[Key]> }>): string {
  return suffixOf([
    ...(codec === 'h264' ? [] : [codec]),
    ...(width === 1280 && height === 720 ? [] : [`${width}x${height}`]),
    ...(fps === 25 ? [] : [`${fps}fps`]),
    ...namesWords(names),
  ]);
}

/** The same of a podcast's. */
export function podcastSuffix({
  loudnessLufs,
  names,
}: Required<{ [Key in 'loudnessLufs' | 'names']: NonNullable<PodcastRequest[Key]> }>): string {
  return suffixOf([...(loudnessLufs === -16 ? [] : [`${loudnessLufs}LUFS`]), ...namesWords(names)]);
}

/** What tells a transcript from that of its kit's own results with ids for names: the folder of other results, and the names. */
export const transcriptSuffix = (
  results: string | undefined,
  names: Readonly<Record<string, DisplayName>>,
): string => suffixOf([...(results === undefined ? [] : [safeNamePart(results)]), ...namesWords(names)]);

const namesWords = (names: Readonly<Record<string, DisplayName>>): string[] =>
  Object.keys(names).length === 0 ? [] : [`names-${hashOf(JSON.stringify(names))}`];

/** All that is said of a composite but its format. */
export interface NamedComposite {
  readonly look: CompositeLook;
  /** What else tells it from others, as JSON has it. */
  readonly more: Readonly<Record<string, unknown>>;
}

/** What tells a composite from the usual one, as `mixSuffix` does: layout, size and part by words, all else by a hash. */
export function compositeSuffix({ look, more }: NamedComposite, usual: NamedComposite): string {
  const { layout, size } = look;
  const isSized = size.width !== usual.look.size.width || size.height !== usual.look.size.height;
  const others = othersOf({ look, more });
  return [
    layout === usual.look.layout ? '' : `_${layout}`,
    isSized ? `_${size.width}x${size.height}` : '',
    cutSuffix(look),
    others === othersOf(usual) ? '' : `_look-${hashOf(others)}`,
  ].join('');
}

function othersOf({ look, more }: NamedComposite): string {
  const { layout: _layout, size: _size, fromMs: _from, toMs: _to, ...others } = look;
  return JSON.stringify([others, more]);
}

/** Tells one part of a recording from another, and from the whole. */
export const shortHash = (ids: readonly (readonly string[])[]): string =>
  `part-${hashOf(JSON.stringify(ids))}`;

const hashOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 8);
