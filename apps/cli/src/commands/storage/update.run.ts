import type { Run } from '../../declare/command.ts';
import { writeStorage } from '../../stream/write-storage.ts';
import type { storageUpdate } from './update.ts';

export const run: Run<typeof storageUpdate> = (options, context) => writeStorage('update', options, context);
