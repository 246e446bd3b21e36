import type { SampleRate } from './mix-source.ts';

/** 2.5 ms: short enough not to be heard as a fade, long enough not to be heard as a click. */
const fadeLength = (rate: SampleRate): number => rate / 400;

/** In place, from silence. */
export function fadeIn(channels: readonly Float32Array[], rate: SampleRate): void {
  for (const channel of channels) {
    const length = Math.min(fadeLength(rate), channel.length);
    for (let index = 0; index < length; index++) channel[index] = ((channel[index] ?? 0) * index) / length;
  }
}

/** In place, to silence. */
export function fadeOut(channels: readonly Float32Array[], rate: SampleRate): void {
  for (const channel of channels) {
    const length = Math.min(fadeLength(rate), channel.length);
    const end = channel.length - 1;
    for (let index = 0; index < length; index++)
      channel[end - index] = ((channel[end - index] ?? 0) * index) / length;
  }
}
