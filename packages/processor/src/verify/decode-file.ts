import { PicturesBehind } from './bridges/pictures-behind.ts';
import type { ExpectedTrack } from './expectation.ts';
import { type Decoding, type DecodingOptions, decode } from './ffmpeg-decoding.ts';
import { type Mismatch, seconds } from './mismatch.ts';
import { bareStream } from './simple-containers/bare-stream.ts';
import type { Tally } from './tally.ts';

/** A track that no decoder takes as it was recorded. */
export interface Undecodable {
  /** Index into the tracks of the file. */
  readonly track: number;
  /** How ffmpeg takes its frames without the file around them. */
  readonly ofSource: Decoding;
}

export interface Decoded {
  readonly mismatches: readonly Mismatch[];
  readonly undecodable: readonly Undecodable[];
  /** Length of the decoded samples of the first audio track; undefined where nothing was decoded. */
  readonly audioMs: number | undefined;
}

/**
 * Decodes all of a file. What the decoder complains of is the sources' where it complains of their own frames as much, and
 * else the writer's (VERIFY.md).
 *
 * @param agrees whether the file has shown itself to hold the sources' frames
 * @throws what reading a source throws, and the signal's reason.
 */
export async function decodeFile(
  path: string,
  tracks: readonly ExpectedTrack[],
  agrees: boolean,
  options: DecodingOptions,
): Promise<Decoded> {
  const bridged = tracks.find(({ bridges = [] }) => bridges.length > 0);
  const behind = bridged?.bridges === undefined ? undefined : new PicturesBehind(bridged.bridges);
  const kinds = new Set(tracks.map(({ kind }) => kind));
  const ofFile = await decode(path, kinds, options, behind?.ofFile);
  const { audioMs, complaints, isClean, words } = ofFile;
  if (isClean) {
    const mismatches = await comparePictures(bridged, behind, options);
    return { mismatches, undecodable: [], audioMs };
  }
  const undecodable = agrees && complaints > 0 ? await undecodableSources(tracks, options) : [];
  const ofSources = undecodable.reduce((sum, { ofSource }) => sum + ofSource.complaints, 0);
  if (complaints > 0 && complaints <= ofSources) return { mismatches: [], undecodable, audioMs };
  return { mismatches: [{ what: 'decode', message: words }], undecodable: [], audioMs };
}

/**
 * Whether the pictures behind the bridges of a file are those that its source's frames decode to without bridges. Where a decoder
 * complains of those, what it makes of them is no measure.
 */
async function comparePictures(
  bridged: ExpectedTrack | undefined,
  behind: PicturesBehind | undefined,
  options: DecodingOptions,
): Promise<Mismatch[]> {
  if (bridged?.codedFrames === undefined || behind === undefined) return [];
  const stream = await bareStream(bridged.codedFrames());
  if (stream === undefined) return [];
  const { isClean } = await decode(stream, new Set([bridged.kind]), options, ({ atMs, hash }) =>
    behind.ofSource({ atMs: atMs - stream.leadMs, hash }),
  );
  const { foreign, missing } = behind;
  if (!isClean) return [];
  const found: Mismatch[] = [];
  const say = ({ count, where }: Tally, what: string) => {
    const message = `video: ${count} pictures behind black ${what}, ${where}`;
    if (count > 0) found.push({ what: 'content', message });
  };
  say(foreign, 'are not what the source decodes to');
  say(missing, 'are not shown');
  return found;
}

/** The tracks whose frames a decoder complains of without the file around them. */
async function undecodableSources(
  tracks: readonly ExpectedTrack[],
  options: DecodingOptions,
): Promise<Undecodable[]> {
  const found: Undecodable[] = [];
  for (const [track, { kind, codedFrames }] of tracks.entries()) {
    const stream = codedFrames === undefined ? undefined : await bareStream(codedFrames());
    if (stream === undefined) continue;
    const ofSource = await decode(stream, new Set([kind]), options);
    if (ofSource.complaints > 0) found.push({ track, ofSource });
  }
  return found;
}

/** What was decoded must be as long as it should. */
export function samplesMismatches(
  audioMs: number | undefined,
  { ms, withinMs }: { readonly ms: number; readonly withinMs: number },
): Mismatch[] {
  if (audioMs === undefined || Math.abs(audioMs - ms) <= withinMs) return [];
  return [{ what: 'decode', message: `audio: decodes to ${seconds(audioMs)}, not ${seconds(ms)}` }];
}
