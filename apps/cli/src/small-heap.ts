import { setFlagsFromString } from 'node:v8';

/**
 * Keeps the main thread's young generation as small as V8 makes it at first. V8 doubles it while much of it lives on, and a
 * plan of a thousand people does: up to 64 MB, most of them never touched again. Worker threads begin with all that their
 * limits allow, since theirs does not grow either then. Flags are the process's: an application sets them, no library.
 */
export function keepHeapSmall(): void {
  setFlagsFromString('--semi-space-growth-factor=1');
  setFlagsFromString('--min-semi-space-size=16');
}

/**
 * Looks for garbage when the old generation has grown by a third, where V8 lets it double and more. What grows with a call's length is
 * garbage nearly all; for a film, which goes on for so long, looking for it twice as often costs nothing that can be measured.
 */
export function keepGarbageLittle(): void {
  setFlagsFromString('--heap-growing-percent=30');
}
