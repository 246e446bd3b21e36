import type { Run } from '../../declare/command.ts';
import { writeStorage } from '../../stream/write-storage.ts';
import type { storageCreate } from './create.ts';

export const run: Run<typeof storageCreate> = (options, context) => writeStorage('create', options, context);
