import { type StreamApi, type StreamApiOptions, startStreamApi } from '@rawreel/stream-api';
import { onTestFinished } from 'vitest';

/** A stand-in for Stream's API for the length of a test, whose recordings are ready as soon as they are stopped. */
export async function standIn(options: StreamApiOptions = {}): Promise<StreamApi> {
  const api = await startStreamApi({ readyAfterMs: 0, ...options });
  onTestFinished(() => api.stop());
  return api;
}

/** What was asked, by the API's names, in order. */
export const asked = ({ requests }: StreamApi) => requests.map(({ operation }) => operation);
