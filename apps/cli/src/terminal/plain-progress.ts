import type { Plan } from '@rawreel/processor';
import { formatBytes, printable } from '@rawreel/text';
import type { Output } from '../context.ts';
import { hindrance } from '../remote/transfer-progress.ts';
import { clock } from './format-values.ts';
import type { Progress } from './progress.ts';
import { namesOf } from './work-names.ts';

/** For a log or a pipe: one line per file that is done. */
export function plainProgress(plan: Plan, output: Output): Progress {
  const names = namesOf(plan);
  const nameOf = (file: string) => names.get(file) ?? printable(file);
  return {
    onProgress(event) {
      if (event.type === 'output-finished') {
        const { file, durationMs, byteLength } = event;
        const size = `${clock(durationMs)}, ${formatBytes(byteLength)}`;
        output.write(`${nameOf(file)}: ${printable(file)}, ${size}\n`);
      } else if (event.type === 'output-failed') {
        output.write(`${nameOf(event.file)}: failed, ${printable(event.message)}\n`);
      }
    },
    onTransfer(event) {
      if (event.type !== 'transfer') output.write(`${hindrance(event)}\n`);
    },
    stop: () => undefined,
  };
}
