import { type DatabaseExamination, examineDatabase } from './database/examine.ts';
import { examineEmbedded } from './embedded/examine.ts';
import type { Place } from './place.ts';

/**
 * Looks whether `openJobs` would have what it needs, and changes nothing. A server in a data folder is not started for it.
 *
 * @throws {JobsError} as `openJobs`, where it has not
 */
export async function examineJobs({ databaseUrl, dataFolder }: Place): Promise<DatabaseExamination> {
  return databaseUrl === undefined ? await examineEmbedded(dataFolder) : await examineDatabase(databaseUrl);
}
