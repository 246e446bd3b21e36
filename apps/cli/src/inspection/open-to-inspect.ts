import { tmpdir } from 'node:os';
import { openInput } from '@rawreel/delivery/open-input';
import type { Context } from '../context.ts';
import type { OptionsOf } from '../declare/option.ts';
import type { OpenedRecording } from '../lazy-packages.ts';
import { idsOf } from '../listing/json-listing.ts';
import { type Input, type LIMITS, limitsOf } from '../options/input.ts';
import { type REMOTE, remoteSettings } from '../options/remote.ts';
import { type FILTERS, filterOf, type TrackFilter } from '../options/track-filter.ts';
import { remoteFor } from '../remote/open-input.ts';
import { showTransfer } from '../remote/transfer-progress.ts';
import { idAsPrinted } from '../terminal/id-as-printed.ts';

type Options = OptionsOf<typeof FILTERS & typeof LIMITS & typeof REMOTE> & {
  readonly quiet: boolean;
  readonly progress: boolean;
};

/** A recording of which all dumps are read, and which of its tracks. */
export interface OpenedToInspect extends AsyncDisposable {
  readonly recording: OpenedRecording;
  readonly filter: Partial<Record<TrackFilter['key'], readonly string[]>>;
}

/** Opens the recording that a command reads all of. */
export async function openToInspect(
  input: Input,
  options: Options,
  context: Context,
): Promise<OpenedToInspect> {
  const { signal, packages } = context;
  const wanted = filterOf(options);
  const transfer = showTransfer(options.quiet || !options.progress, context);
  const source = {
    input: input.path,
    description: input.shown,
    limits: limitsOf(options),
    remote: await remoteFor(remoteSettings(options), input.path),
  };
  // A tar.gz is inflated once: its dumps are put there until the recording is closed.
  const recording = await openInput(
    source,
    { signal, spoolFolder: tmpdir(), onTransfer: transfer.onTransfer },
    packages,
  );
  const close = async () => {
    transfer.pause();
    await recording[Symbol.asyncDispose]();
  };
  const filter = wanted === undefined ? {} : { [wanted.key]: idsAsPrinted(wanted, recording) };
  return { recording, filter, [Symbol.asyncDispose]: close };
}

function idsAsPrinted({ ids, kind }: TrackFilter, { tracks }: OpenedRecording): readonly string[] {
  const known = idsOf(tracks, kind);
  return ids.map((id) => idAsPrinted(id, known));
}
