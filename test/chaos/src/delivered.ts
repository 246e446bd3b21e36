import { readdir, readFile, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { deliver } from '@rawreel/delivery';
import type { RecordingWithHistory } from '@rawreel/jobs';
import { formatCallRef } from '@rawreel/recording-control';
import webhook from '../../../apps/webhook/package.json' with { type: 'json' };
import { digestOf, probeProblem, type Told } from './media.ts';
import type { Recorded } from './stream.ts';

export const MADE = ['audio', 'video', 'muxed'] as const;
const MANIFEST = 'manifest.json';
/** Files tell who has made them: a calm run says the same as the service. */
const MADE_BY = `rawreel-webhook ${webhook.version}`;

export const callCidOf = ({ script }: Recorded): string => formatCallRef(script.call);

/** Where the service's template puts it. */
export function placeOf(media: string, { script: { call }, startedAt }: Recorded): string {
  return join(media, call.type, call.id, new Date(startedAt).toISOString().replaceAll(':', '-'));
}

/** What is made of an archive when nothing goes wrong. */
async function calmRun(archive: string): Promise<readonly Told[]> {
  const output = `${archive}.calm`;
  try {
    const { report } = await deliver({ input: archive, output, plan: { outputs: MADE }, madeBy: MADE_BY });
    if (report.failures.length > 0) throw new Error(`a calm run of ${archive} fails`);
    return report.files;
  } finally {
    await rm(output, { recursive: true, force: true });
  }
}

/**
 * Whether a recording was delivered once and whole: one delivery in the ledger, and in its folder exactly the files that a calm run makes
 * of the same archive, byte by byte.
 *
 * @param probed whether ffprobe is asked as well
 * @returns what is wrong; nothing where it is right
 */
export async function problemsOf(
  recorded: Recorded,
  {
    known,
    media,
    probed,
  }: { readonly known: readonly RecordingWithHistory[]; readonly media: string; readonly probed: boolean },
): Promise<string[]> {
  const problems: string[] = [];
  const check = (isRight: boolean, problem: string): void => void (isRight || problems.push(problem));

  const [recording] = known;
  check(known.length === 1, `the ledger has ${known.length} of it`);
  if (recording === undefined) return problems;
  const { state, outputs, facts } = recording;
  check(state === 'done', `it is ${state}: ${recording.failure?.message ?? 'no failure is known'}`);
  const count = (kind: string) => facts.filter((fact) => fact.kind === kind).length;
  check(count('outputs-stored') === 1, `it was stored ${count('outputs-stored')} times`);
  const place = placeOf(media, recorded);
  check(outputs?.destination === place, `it was stored in ${outputs?.destination}, and not in ${place}`);

  const calm = await calmRun(recorded.archive);
  const names = new Set(await readdir(place).catch(() => []));
  const manifest = await readFile(join(place, MANIFEST), 'utf8').then(
    (text) => (JSON.parse(text) as { files: Told[] }).files,
    () => [],
  );
  check(outputs?.files === calm.length, `the ledger has ${outputs?.files} files of ${calm.length}`);
  check(manifest.length === calm.length, `the manifest has ${manifest.length} files of ${calm.length}`);
  check(names.delete(MANIFEST), 'there is no manifest');
  for (const file of calm) {
    const path = join(place, file.path);
    if (!names.delete(file.path)) {
      problems.push(`${file.path} is missing`);
      continue;
    }
    const told = manifest.find((each) => each.path === file.path);
    check(told?.sha256 === file.sha256, `the manifest tells another ${file.path} than a calm run makes`);
    check(
      (await stat(path)).size === told?.byteLength,
      `${file.path} has another size than the manifest says`,
    );
    check((await digestOf(path)) === file.sha256, `${file.path} is another one than a calm run makes`);
    const problem = probed ? await probeProblem(path, file) : undefined;
    check(problem === undefined, `${file.path}: ${problem}`);
  }
  for (const name of names) problems.push(`${name} is in its folder, and nobody's`);
  return problems;
}
