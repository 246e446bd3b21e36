import { appEndpoints } from './app.ts';
import { callTypeEndpoints } from './call-types.ts';
import { callEndpoints } from './calls.ts';
import type { Endpoint } from './endpoint.ts';
import { externalStorageEndpoints } from './external-storage.ts';
import { queryCallsEndpoint } from './query-calls.ts';
import { recordingEndpoints } from './recordings.ts';

/** All that the stand-in answers; `docs/stream-api.md` has a line for each. */
export const endpoints: readonly Endpoint[] = [
  ...callEndpoints,
  queryCallsEndpoint,
  ...recordingEndpoints,
  ...callTypeEndpoints,
  ...externalStorageEndpoints,
  ...appEndpoints,
];
