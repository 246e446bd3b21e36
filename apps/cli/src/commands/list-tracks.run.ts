import { jsonText, printable } from '@rawreel/text';
import type { Context } from '../context.ts';
import type { Run } from '../declare/command.ts';
import { EXIT } from '../exit-codes.ts';
import { idsOf, listingOf, tracksOfKind } from '../listing/json-listing.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { headline, trackTable } from '../listing/track-table.ts';
import { heldInput } from '../make/spool-stdin.ts';
import { inputOrWord, limitsOf } from '../options/input.ts';
import { remoteSettings } from '../options/remote.ts';
import { openToLook } from '../remote/open-input.ts';
import { readOverNetwork } from '../remote/transfer-progress.ts';
import { coloursFor } from '../terminal/colour.ts';
import { widthOf } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';
import type { listTracks } from './list-tracks.ts';

/** Prints a recording's tracks or ids on stdout, and what is wrong with the archive on stderr. */
export const run: Run<typeof listTracks> = async (options, context) => {
  const { json, completionType, trackType, quiet, progress, verbose, acceptDamage } = options;
  const format = json ? 'json' : options.format;
  await using input = await heldInput(inputOrWord(options.recording, options), context);
  const settings = {
    input,
    limits: limitsOf(options),
    remote: remoteSettings(options),
    quiet,
    progress,
  };
  await using recording = await openToLook(settings, context);
  const tracks = tracksOfKind(recording, trackType);
  switch (format) {
    case 'json':
      context.stdout.write(jsonText(listingOf(recording, tracks)));
      break;
    case 'users':
    case 'sessions':
    case 'tracks':
      printIds(idsOf(tracks, format), context);
      break;
    case 'completion':
      printIds(idsOf(tracks, completionType), context);
      break;
    case 'table': {
      const { stdout, stderr, env } = context;
      const colours = coloursFor(stdout, env);
      const width = widthOf(stdout);
      const table = trackTable(recording, tracks, width, colours);
      const body = tracks.length > 0 ? table.lines : ['No matching tracks.'];
      stdout.write(`${[headline(recording, tracks, width, colours), '', ...body].join('\n')}\n`);
      if (tracks.length > 0 && table.dropped.length > 0 && !quiet) {
        const hint = `Hidden columns (use a wider terminal or --format json): ${table.dropped.join(', ')}`;
        stderr.write(`${coloursFor(stderr, env).dim(wrap(hint, width).join('\n'))}\n`);
      }
      break;
    }
    default:
      format satisfies never;
  }
  if (!quiet) {
    const colours = coloursFor(context.stderr, context.env);
    const { transferred, container } = recording;
    const read = readOverNetwork({ transferred, byteLength: container.byteLength });
    if (read !== undefined) context.stderr.write(`${colours.dim(read)}\n`);
    for (const line of problemLines(recording.problems, verbose)) {
      context.stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
    }
  }
  const damaged = recording.problems.some(({ severity }) => severity === 'damage');
  return damaged && !acceptDamage ? EXIT.damaged : EXIT.whole;
};

function printIds(ids: readonly string[], { stdout }: Context): void {
  stdout.write(ids.map((id) => `${printable(id)}\n`).join(''));
}
