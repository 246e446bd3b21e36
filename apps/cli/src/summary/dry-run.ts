import { join } from 'node:path';
import type { Plan, PlannedOutput } from '@rawreel/processor';
import { formatBytes, printable } from '@rawreel/text';
import type { Colours } from '../terminal/colour.ts';
import { count } from '../terminal/format-values.ts';
import { type Column, renderTable } from '../terminal/table.ts';
import { certainOutputs, dumpBytes, outputLabel, trackNumbers } from './output-label.ts';

/** A plan for a person; `output` is absent where none was given. */
export function dryRun(plan: Plan, output: string | undefined, colours: Colours): string {
  const folder = output === undefined ? '' : ` to ${printable(output).replace(/[\\/]+$/, '')}/`;
  const segmentsOf = (planned: PlannedOutput) =>
    trackNumbers(planned).flatMap((number) => plan.tracks[number]?.segments ?? []);
  const certain = certainOutputs(plan);
  const columns: Column<PlannedOutput>[] = [
    { title: '', cell: (planned) => outputLabel(planned, plan).who },
    { title: '', cell: (planned) => outputLabel(planned, plan).kind },
    { title: '', cell: (planned) => codecsOf(segmentsOf(planned)) },
    { title: '', cell: (planned) => count(segmentsOf(planned).length, 'segment') },
    { title: '', align: 'right', cell: (planned) => formatBytes(dumpBytes(planned, plan)) },
    { title: '', cell: ({ file }) => printable(output === undefined ? file : join(output, file)) },
  ];
  const lines = [
    `${colours.bold(`Would write ${count(certain.length, 'file')}${folder}`)} from ${printable(plan.source)}:`,
    ...renderTable(columns, certain, undefined)
      .lines.slice(1)
      .map((line) => `  ${line}`),
    policyLine(plan),
  ];
  return `${lines.join('\n')}\n`;
}

function policyLine({ gaps, dtx, align, tracks }: Plan): string {
  const kinds = new Set(tracks.map(({ kind }) => kind));
  const filler = kinds.has('video') ? (kinds.has('audio') ? 'silence and black' : 'black') : 'silence';
  const facts = [gaps === 'fill' ? `gaps become ${filler}` : 'gaps stay open'];
  if (kinds.has('audio'))
    facts.push(dtx === 'fill' ? 'DTX silence is written out' : 'DTX silence stays open');
  facts.push(align === 'track' ? "time 0 is each file's start" : "time 0 is the recording's start");
  const sentence = facts.join(', ');
  return `${sentence.charAt(0).toUpperCase()}${sentence.slice(1)}.`;
}

function codecsOf(segments: readonly { readonly codec?: string | undefined }[]): string {
  const codecs = new Set(segments.flatMap(({ codec }) => (codec ? [codec] : [])));
  return [...codecs].join(', ') || 'unknown codec';
}
