import type { Size } from '../../plan/scene-list.ts';
import type { Shot } from './shot.ts';

/** A value that holds from a picture on. */
interface Step<Value> {
  readonly from: number;
  readonly value: Value;
}

/**
 * ffmpeg's filters that make of a decoder's frames the pictures of a shot: one for each of the film's, of which those that are
 * shown are scaled to their sizes. The last frame stands as long as it is asked for.
 *
 * `n` counts the film's pictures from the shot's origin.
 */
export function shotFilter({ origin, pieces }: Shot, fps: number, isBlurred: boolean): string {
  const shown: Step<0 | 1>[] = [{ from: 0, value: 0 }];
  const sizes: Step<Size>[] = [];
  for (const { from, to, size } of pieces) {
    const at = from - origin;
    if (shown.at(-1)?.from === at) shown.pop();
    shown.push({ from: at, value: 1 }, { from: to - origin, value: 0 });
    if (!isSame(size, sizes.at(-1)?.value)) sizes.push({ from: at, value: size });
  }
  return [
    `fps=fps=${fps}:start_time=0`,
    `tpad=stop=${(pieces.at(-1)?.to ?? origin) - origin}:stop_mode=clone`,
    `select='${stepsIn(simplified(shown))}'`,
    ...(isBlurred ? [BLUR] : []),
    ...scaling(sizes, fps),
    'format=yuv420p',
  ].join(',');
}

/** A face has so few pixels that nobody knows it, and no filter brings back what is gone. */
const BLUR = 'scale=w=12:h=8:flags=area';

/**
 * Told of each size when it is due: a `scale` that asks for its size picture by picture begins anew with each, for half a
 * millisecond. It is told half a picture before, where no rounding reaches.
 */
function scaling([first, ...changes]: readonly Step<Size>[], fps: number): readonly string[] {
  if (first === undefined) return [];
  const { width, height } = first.value;
  const scale = `scale@shown=w=${width}:h=${height}:flags=bilinear`;
  const commands = changes.map(({ from, value }) => {
    const seconds = ((from - 0.5) / fps).toFixed(6);
    return `${seconds} scale@shown w ${value.width},scale@shown h ${value.height}`;
  });
  return commands.length === 0 ? [scale] : [`sendcmd=c='${commands.join(';')}'`, scale];
}

const isSame = (a: Size, b: Size | undefined): boolean => a.width === b?.width && a.height === b.height;

const simplified = (steps: readonly Step<0 | 1>[]): Step<0 | 1>[] =>
  steps.filter(({ value }, index) => index === 0 || value !== steps[index - 1]?.value);

/** As a tree of questions, so that a call of a thousand scenes asks ten a picture. */
function stepsIn(steps: readonly Step<0 | 1>[]): string {
  const [first] = steps;
  if (first === undefined) return '0';
  if (steps.length === 1) return `${first.value}`;
  const middle = steps.length >> 1;
  const at = steps[middle]?.from ?? 0;
  const before = stepsIn(steps.slice(0, middle));
  return `if(lt(n,${at}),${before},${stepsIn(steps.slice(middle))})`;
}
