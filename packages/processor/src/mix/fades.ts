import { SAMPLES_PER_MS } from './mix-source.ts';

/** Short enough not to be heard as a fade, long enough not to be heard as a click. */
const FADE = 2.5 * SAMPLES_PER_MS;

/** In place, from silence. */
export function fadeIn(channels: readonly Float32Array[]): void {
  for (const channel of channels) {
    const length = Math.min(FADE, channel.length);
    for (let index = 0; index < length; index++) channel[index] = ((channel[index] ?? 0) * index) / length;
  }
}

/** In place, to silence. */
export function fadeOut(channels: readonly Float32Array[]): void {
  for (const channel of channels) {
    const length = Math.min(FADE, channel.length);
    const end = channel.length - 1;
    for (let index = 0; index < length; index++)
      channel[end - index] = ((channel[end - index] ?? 0) * index) / length;
  }
}
