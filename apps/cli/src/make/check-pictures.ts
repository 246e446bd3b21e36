import type { CompositeRequest } from '@rawreel/processor';
import { printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import { UsageError } from '../failure/errors.ts';
import type { ProcessorPackage } from '../lazy-packages.ts';
import { readable } from './option-file.ts';

/** Enough to see what is wrong with a file of names. */
const MOST_TOLD = 5;

/**
 * The path of a logo.
 *
 * @param named what names it
 * @throws UsageError where it cannot be read, or is no picture: the film would lack it
 */
export async function logoOf(
  named: string,
  logo: string | undefined,
  { flawOfPicture }: Pick<ProcessorPackage, 'flawOfPicture'>,
): Promise<string | undefined> {
  if (logo === undefined) return undefined;
  const flaw = await flawOfPicture(await readable(named, logo));
  if (flaw === undefined) return logo;
  throw new UsageError(`${named} ${printable(logo)} cannot be shown: ${flaw}`);
}

/** Says before the work which avatars cannot be shown: initials will stand for them. */
export async function tellOfAvatars(
  file: string | undefined,
  names: CompositeRequest['names'] = {},
  { flawOfPicture }: Pick<ProcessorPackage, 'flawOfPicture'>,
  { stderr }: Context,
): Promise<void> {
  const told: string[] = [];
  for (const [userId, { avatar }] of Object.entries(names)) {
    const flaw = avatar === undefined ? undefined : await flawOfPicture(avatar);
    if (avatar !== undefined && flaw !== undefined)
      told.push(`  ${printable(userId)}: ${printable(avatar)} cannot be shown: ${flaw}`);
  }
  if (told.length === 0) return;
  const more = told.length > MOST_TOLD ? [`  and ${told.length - MOST_TOLD} more`] : [];
  const lines = [
    `--names ${printable(file ?? '')}: initials will stand for avatars`,
    ...told.slice(0, MOST_TOLD),
  ];
  stderr.write(`${[...lines, ...more].join('\n')}\n`);
}
