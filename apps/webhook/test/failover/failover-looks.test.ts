import { expect, test } from 'vitest';
import { type FailoverFile, FailoverLooks, type FailoverWarning } from '../../src/failover/failover-looks.ts';
import { bytesOf, lifeEvent, readyEvent } from '../builders/events.ts';
import { DAY, HOUR, ledgerOfFile, MINUTE, testClock } from '../builders/reconciling.ts';

const opened = ledgerOfFile();
let apps = 0;

/** A bucket in memory, and a service that looks at it; each test is an app of its own in the ledger. */
function standing() {
  const clock = testClock();
  const apiKey = `failover-${++apps}`;
  const files = new Map<string, { readonly bytes: Uint8Array; readonly modifiedMs: number }>();
  const failing = new Set<string>();
  const reads: string[] = [];
  const warnings: FailoverWarning[] = [];
  const { ledger } = opened.jobs;
  const started = () =>
    new FailoverLooks({
      apiKey,
      ledger,
      now: clock.now,
      bucket: {
        async *list() {
          for (const [key, { bytes, modifiedMs }] of files)
            yield { key, byteLength: bytes.length, modifiedMs } satisfies FailoverFile;
        },
        async read({ key }) {
          reads.push(key);
          if (failing.has(key)) throw new Error('the bucket does not answer');
          return files.get(key)?.bytes;
        },
      },
      onWarning: (warning) => warnings.push(warning),
    });
  let looks = started();
  return {
    clock,
    reads,
    warnings,
    failing,
    put: (key: string, event: unknown) => {
      files.set(key, { bytes: bytesOf(event), modifiedMs: clock.now() });
    },
    look: () => looks.look(new AbortController().signal),
    /** As after a restart. */
    restart: () => {
      looks = started();
    },
    cursor: () => ledger.cursor(apiKey, 'failover'),
    async recordings() {
      const { recordings } = await ledger.list({ limit: 1000 });
      const own = recordings.filter((recording) => recording.apiKey === apiKey);
      return await Promise.all(own.map(({ id }) => ledger.recording(id)));
    },
  };
}

test('what was left is taken up once, and says which file it is from', async () => {
  const world = standing();
  world.put('events/1.json', [lifeEvent('started'), lifeEvent('stopped')]);
  world.put('events/2.json', readyEvent());
  world.put('events/', '');
  expect(await world.look()).toEqual({ files: 3, taken: 3, failed: 0 });
  const [recording] = await world.recordings();
  expect(recording?.state).toBe('queued');
  const sources = recording?.facts.map(({ kind, source }) => [kind, source]);
  expect(sources).toContainEqual(['started', { by: 'reconciler', id: 'events/1.json' }]);
  expect(sources).toContainEqual(['ready', { by: 'reconciler', id: 'events/2.json' }]);
  world.clock.pass(MINUTE);
  expect(await world.look()).toEqual({ files: 0, taken: 0, failed: 0 });
  world.restart();
  // The cursor is a minute old, and files of an hour before are looked at again.
  expect(await world.look()).toMatchObject({ files: 3, taken: 0 });
  world.clock.pass(2 * HOUR);
  await world.look();
  world.restart();
  world.clock.pass(2 * HOUR);
  expect(await world.look()).toMatchObject({ files: 0 });
});

test('a new service looks two weeks back', async () => {
  const world = standing();
  world.put('old.json', lifeEvent('started'));
  world.clock.pass(15 * DAY);
  world.put('new.json', lifeEvent('stopped'));
  expect(await world.look()).toMatchObject({ files: 1, taken: 1 });
  expect(world.reads).toEqual(['new.json']);
});

test('a file that cannot be read holds the cursor, keeps no other back, and is told once', async () => {
  const world = standing();
  world.put('bad.json', lifeEvent('started'));
  world.put('good.json', lifeEvent('stopped'));
  world.failing.add('bad.json');
  expect(await world.look()).toEqual({ files: 2, taken: 1, failed: 1 });
  world.clock.pass(3 * HOUR);
  expect(await world.look()).toEqual({ files: 1, taken: 0, failed: 1 });
  expect(await world.cursor()).toBeUndefined();
  expect(world.warnings).toEqual([
    { code: 'file-failed', key: 'bad.json', message: expect.stringContaining('the bucket does not answer') },
  ]);
  world.failing.clear();
  expect(await world.look()).toEqual({ files: 1, taken: 1, failed: 0 });
  expect(await world.cursor()).toBe(world.clock.now());
});

test('what holds no event is told once and left, and holds nothing up', async () => {
  const world = standing();
  world.put('odd\n.json', { event: readyEvent() });
  expect(await world.look()).toEqual({ files: 1, taken: 0, failed: 0 });
  world.clock.pass(MINUTE);
  await world.look();
  expect(world.warnings).toMatchObject([{ code: 'unusable' }]);
  expect(world.warnings[0]?.message).not.toContain('\n');
  expect(await world.cursor()).toBe(world.clock.now());
});

test('a look that is broken off moves no cursor', async () => {
  const world = standing();
  world.put('1.json', lifeEvent('started'));
  const { ledger } = opened.jobs;
  const stopping = new AbortController();
  const looks = new FailoverLooks({
    apiKey: 'broken-off',
    ledger,
    now: world.clock.now,
    bucket: {
      async *list() {
        yield { key: '1.json', byteLength: 9, modifiedMs: world.clock.now() };
      },
      async read() {
        stopping.abort();
        throw stopping.signal.reason;
      },
    },
    onWarning: () => {},
  });
  await expect(looks.look(stopping.signal)).rejects.toThrow();
  expect(await ledger.cursor('broken-off', 'failover')).toBeUndefined();
});
