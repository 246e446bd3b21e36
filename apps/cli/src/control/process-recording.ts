import type { Delivered } from '@rawreel/delivery';
import type { ListedRecording } from '@rawreel/recording-control';
import { makeFiles } from '../commands/make.ts';
import type { FileSettings } from '../declare/control-settings.ts';
import type { Surroundings } from '../surroundings.ts';

/** Makes media of a recording that lies at Stream: what is read of it is cached as of any link. */
export async function processRecording(
  { url }: ListedRecording,
  settings: FileSettings,
  around: Surroundings,
  madeBy: string,
): Promise<Delivered> {
  return await makeFiles(settings.media(url), settings.output, around, madeBy);
}

/** A recording without its link, which would open it for whoever reads a log. */
export function withoutLink({ url, ...recording }: ListedRecording): Omit<ListedRecording, 'url'> {
  return recording;
}
