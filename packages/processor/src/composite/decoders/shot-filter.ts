import type { Shot } from './shot.ts';

/** A value that holds from a picture on. */
interface Step {
  readonly from: number;
  readonly value: number;
}

/**
 * ffmpeg's filters that make of a decoder's frames the pictures of a shot: one for each of the film's, of which those that are
 * shown are scaled to their sizes. The last frame stands as long as it is asked for.
 *
 * `n` counts the film's pictures from the shot's origin. `scale` knows the time only, and is asked half a picture before a
 * change, where no rounding reaches.
 */
export function shotFilter({ origin, pieces }: Shot, fps: number, isBlurred: boolean): string {
  const shown: Step[] = [{ from: 0, value: 0 }];
  const widths: Step[] = [];
  const heights: Step[] = [];
  for (const { from, to, size } of pieces) {
    const at = from - origin;
    if (shown.at(-1)?.from === at) shown.pop();
    shown.push({ from: at, value: 1 }, { from: to - origin, value: 0 });
    widths.push({ from: at, value: size.width });
    heights.push({ from: at, value: size.height });
  }
  const seconds = (picture: number): string => ((picture - 0.5) / fps).toFixed(6);
  const width = stepsIn('t', simplified(widths), seconds);
  const height = stepsIn('t', simplified(heights), seconds);
  return [
    `fps=fps=${fps}:start_time=0`,
    `tpad=stop=${(pieces.at(-1)?.to ?? origin) - origin}:stop_mode=clone`,
    `select='${stepsIn('n', simplified(shown), String)}'`,
    ...(isBlurred ? [BLUR] : []),
    `scale=w='${width}':h='${height}':eval=frame:flags=bilinear`,
    'format=yuv420p',
  ].join(',');
}

/** A face has so few pixels that nobody knows it, and no filter brings back what is gone. */
const BLUR = 'scale=w=12:h=8:flags=area';

const simplified = (steps: readonly Step[]): Step[] =>
  steps.filter(({ value }, index) => index === 0 || value !== steps[index - 1]?.value);

/** As a tree of questions, so that a call of a thousand scenes asks ten a picture. */
function stepsIn(variable: string, steps: readonly Step[], threshold: (from: number) => string): string {
  const [first] = steps;
  if (first === undefined) return '0';
  if (steps.length === 1) return `${first.value}`;
  const middle = steps.length >> 1;
  const at = threshold(steps[middle]?.from ?? 0);
  const before = stepsIn(variable, steps.slice(0, middle), threshold);
  return `if(lt(${variable},${at}),${before},${stepsIn(variable, steps.slice(middle), threshold)})`;
}
