import { describe, expect, test } from 'vitest';
import type { Fact, StoredEvent } from '../src/index.ts';
import { event } from './builders/events.ts';
import { CALL, namesOf, ready, started, stopped } from './builders/facts.ts';
import { databaseServer } from './builders/server.ts';

const server = databaseServer();

/** A recording of one call, told by three events, the last of them twice. */
function told(index: number): { readonly event: StoredEvent; readonly facts: readonly Fact[] }[] {
  const names = { ...namesOf(index), callCid: CALL };
  const { callCid, egressId } = names;
  const url = `https://recordings.example/${index}`;
  const last = ready(names, { url, startMs: index * 10_000, endMs: index * 10_000 + 5000 });
  return [
    { identity: `started ${index}`, fact: started({ callCid, egressId }, index * 10_000) },
    { identity: `stopped ${index}`, fact: stopped({ callCid, egressId }, index * 10_000 + 5000) },
    { identity: `ready ${index}`, fact: last },
    { identity: `ready ${index}`, fact: last },
  ].map(({ identity, fact }) => ({ event: event({ identity }), facts: [fact] }));
}

describe('events that come while others are being written are taken together', () => {
  test('four hundred of one call at once: each is answered as it is, and the recordings are as if they had come one by one', async () => {
    const jobs = await server.open();
    const all = Array.from({ length: 100 }, (_, index) => told(index)).flat();
    const answers = await Promise.all(all.map((one) => jobs.ledger.take(one.event, one.facts)));
    expect(answers.filter((answer) => answer === 'repeated')).toHaveLength(100);
    const { recordings } = await jobs.ledger.list({ limit: 1000 });
    expect(recordings).toHaveLength(100);
    for (const { state, egressId, filename, isInferred } of recordings) {
      expect({ state, isInferred }).toEqual({ state: 'queued', isInferred: false });
      expect(filename).toBe(`rec_${egressId?.slice('egress-'.length)}.zip`);
    }
    const jobsLive = await server.query(
      jobs.databaseUrl,
      `select data->>'recordingId' from rawreel_queue.job where name = 'recordings' and state = 'created'`,
    );
    expect(jobsLive).toHaveLength(100);
  });

  test('two processes that are told the same in opposite orders: each event is taken by one of them', async () => {
    const one = await server.open();
    const other = await server.open({ databaseUrl: one.databaseUrl });
    const all = Array.from({ length: 60 }, (_, index) => told(index).slice(0, 3)).flat();
    const tell = (jobs: typeof one, events: typeof all) =>
      Promise.all(
        events.map(async ({ event, facts }) => [event.identity, await jobs.ledger.take(event, facts)]),
      );
    const answers = (await Promise.all([tell(one, all), tell(other, all.toReversed())])).flat();
    const taken = answers.filter(([, answer]) => answer === 'taken').map(([identity]) => identity);
    expect(taken.toSorted()).toEqual(all.map(({ event }) => event.identity).toSorted());
    expect((await one.ledger.counts()).get('queued')).toBe(60);
  });

  test('one that cannot be taken does not take the others with it', async () => {
    const jobs = await server.open();
    const all = Array.from({ length: 30 }, (_, index) => ({
      event: event({ identity: `of ${index}` }),
      facts: index === 7 ? [started({ callCid: CALL })] : [ready(namesOf(index))],
    }));
    const answers = await Promise.allSettled(all.map((one) => jobs.ledger.take(one.event, one.facts)));
    expect(answers.map(({ status }) => status)).toEqual(
      all.map((_, index) => (index === 7 ? 'rejected' : 'fulfilled')),
    );
    expect((await jobs.ledger.counts()).get('queued')).toBe(29);
  });

  test('several apps at once: each event is its own app’s', async () => {
    const jobs = await server.open();
    const apps = ['one', 'two', 'three'];
    const take = (apiKey: string, index: number) =>
      jobs.ledger.take(event({ apiKey, identity: `of ${index}` }), [ready(namesOf(index))]);
    await Promise.all(Array.from({ length: 20 }, (_, index) => apps.map((app) => take(app, index))).flat());
    const { recordings } = await jobs.ledger.list({ limit: 100 });
    for (const app of apps) expect(recordings.filter(({ apiKey }) => apiKey === app)).toHaveLength(20);
  });
});
