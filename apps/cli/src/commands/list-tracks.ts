import { jsonText, printable } from '@rawreel/text';
import type { ListTracksSettings } from '../declare/settings.ts';
import { EXIT } from '../exit-codes.ts';
import { idsOf, listingOf, tracksOfKind } from '../listing/listed.ts';
import { problemLines } from '../listing/problem-lines.ts';
import { headline, trackTable } from '../listing/track-table.ts';
import { openToLook } from '../remote/open-input.ts';
import { readOverNetwork } from '../remote/tell-transfer.ts';
import type { Surroundings } from '../surroundings.ts';
import { coloursFor } from '../terminal/colour.ts';
import { widthOf } from '../terminal/width.ts';
import { wrap } from '../terminal/wrap.ts';

/** Prints a recording's tracks or ids on stdout, and what is wrong with the archive on stderr. */
export async function listTracks(settings: ListTracksSettings, around: Surroundings): Promise<number> {
  await using recording = await openToLook(settings, around);
  const tracks = tracksOfKind(recording, settings.trackType);
  switch (settings.format) {
    case 'json':
      around.stdout.write(jsonText(listingOf(recording, tracks)));
      break;
    case 'users':
    case 'sessions':
    case 'tracks':
      printIds(idsOf(tracks, settings.format), around);
      break;
    case 'completion':
      printIds(idsOf(tracks, settings.completionType), around);
      break;
    case 'table': {
      const { stdout, stderr, env } = around;
      const colours = coloursFor(stdout, env);
      const width = widthOf(stdout);
      const table = trackTable(recording, tracks, width, colours);
      const body = tracks.length > 0 ? table.lines : ['No such tracks.'];
      stdout.write(`${[headline(recording, tracks, width, colours), '', ...body].join('\n')}\n`);
      if (tracks.length > 0 && table.dropped.length > 0 && !settings.quiet) {
        const hint = `In a wider terminal, or with --format json: ${table.dropped.join(', ')}`;
        stderr.write(`${coloursFor(stderr, env).dim(wrap(hint, width).join('\n'))}\n`);
      }
      break;
    }
    default:
      settings.format satisfies never;
  }
  if (!settings.quiet) {
    const colours = coloursFor(around.stderr, around.env);
    const { transferred, container } = recording;
    const read = readOverNetwork({ transferred, byteLength: container.byteLength });
    if (read !== undefined) around.stderr.write(`${colours.dim(read)}\n`);
    for (const line of problemLines(recording.problems, settings.verbose)) {
      around.stderr.write(`${colours.yellow('rawreel:')} ${line}\n`);
    }
  }
  const damaged = recording.problems.some(({ severity }) => severity === 'damage');
  return damaged && !settings.acceptDamage ? EXIT.damaged : EXIT.whole;
}

function printIds(ids: readonly string[], { stdout }: Surroundings): void {
  stdout.write(ids.map((id) => `${printable(id)}\n`).join(''));
}
