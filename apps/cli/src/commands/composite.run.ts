import type { CompositeRequest } from '@rawreel/processor';
import { printable, withoutUndefined } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Run } from '../declare/command.ts';
import type { OptionsOf } from '../declare/option.ts';
import { UsageError } from '../failure/errors.ts';
import type { ProcessorPackage } from '../lazy-packages.ts';
import { logoOf, tellOfAvatars } from '../make/check-pictures.ts';
import { displayNamesOf } from '../make/display-names.ts';
import { makeMedia } from '../make/make-media.ts';
import { mediaSettings } from '../make/media-settings.ts';
import { ofFile } from '../make/option-file.ts';
import { cutOf } from '../options/cut.ts';
import { keepGarbageLittle } from '../small-heap.ts';
import type { composite } from './composite.ts';

type Options = OptionsOf<typeof composite.options>;

const EVERYBODY = { userId: [], sessionId: [], trackId: [] };

export const run: Run<typeof composite> = async (options, context, program) => {
  keepGarbageLittle();
  const request = await compositeRequest(options, context);
  const settings = mediaSettings(
    { ...options, ...EVERYBODY },
    { outputs: ['composite'], composite: request },
  );
  // Reading all tracks for their digests is nothing beside filming them anew.
  const resume = options.skipExisting ? 'keep' : 'anew';
  return await makeMedia(
    { ...settings, resume, cut: cutOf(options), verify: options.verify },
    options,
    context,
    program,
  );
};

async function compositeRequest(options: Options, context: Context): Promise<CompositeRequest> {
  checkPreset(options);
  const { names, options: streamLayout, scenes, captions, ...look } = options;
  const processor = await context.packages.processor();
  const given = {
    layout: look.layout,
    size: look.size,
    fps: look.fps,
    fit: look.fit,
    places: look.places,
    background: look.background,
    title: look.title,
    logo: await logoOf('--logo', look.logo, processor),
    labels: look.labels,
    format: look.format,
    film: look.film,
    encoder: look.encoder,
    preset: look.preset,
    users: look.users,
    without: look.without,
    blur: look.blur,
    speakerBorder: look.speakerBorder,
  };
  const people = await displayNamesOf(names, processor);
  await tellOfAvatars(names, people, processor, context);
  return {
    ...(streamLayout === undefined ? {} : await ofStream(streamLayout, processor, context)),
    ...withoutUndefined(given),
    names: people,
    scenes:
      scenes === undefined
        ? undefined
        : await ofFile('--scenes', scenes, (text) => JSON.parse(text) as CompositeRequest['scenes']),
    captions:
      captions === undefined
        ? undefined
        : await ofFile('--captions', captions, (text) => processor.readTranscription(text)),
  };
}

/** @throws UsageError where it would have no effect */
function checkPreset({ preset, format, encoder }: Options): void {
  const isOfX264 = format === 'mp4' || format === 'mkv';
  if (preset === undefined || (isOfX264 && (encoder === undefined || encoder === 'libx264'))) return;
  const other = isOfX264 ? `--encoder ${encoder}` : `--format ${format}`;
  throw new UsageError(`--preset is for x264, and has no effect with ${other}`);
}

/** What Stream's layout settings ask for, of what a composite can do; the rest is listed. */
async function ofStream(
  file: string,
  processor: ProcessorPackage,
  { stderr }: Context,
): Promise<CompositeRequest> {
  const { request, ignored } = await ofFile('--options', file, (text) =>
    processor.readStreamLayout(JSON.parse(text)),
  );
  if (ignored.length > 0)
    stderr.write(`Not honoured of ${printable(file)}: ${ignored.map(printable).join(', ')}\n`);
  await logoOf(`logo.image_url of ${printable(file)}:`, request.logo, processor);
  return request;
}
