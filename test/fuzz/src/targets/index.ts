import type { Target } from '../target.ts';
import { archives } from './archives.ts';
import { depacketizers } from './depacketizers.ts';
import { readers } from './readers.ts';

/** One for each reader of foreign bytes. */
export const targets: readonly Target[] = [...readers, ...depacketizers, ...archives];
