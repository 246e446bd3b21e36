import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { planRecording } from '@rawreel/processor';
import { describe, expect, test } from 'vitest';
import { DeliveryError, deliver, type Order, openDestination } from '../src/index.ts';
import { newFolder, orderFor, SAMPLE } from './sample.ts';

describe('an order from a file into a folder', () => {
  test('a plain value · is carried out, and each step is told in turn', async () => {
    const output = join(await newFolder(), 'made');
    const order = JSON.parse(JSON.stringify(orderFor(output))) as Order;
    const told: string[] = [];
    const { report, ...facts } = await deliver(order, {
      onPlan: (plan) => void told.push(`plan of ${plan.outputs.length}`),
      onProgress: ({ type }) => {
        if (type === 'output-finished') told.push(type);
      },
      onMade: () => void told.push('made'),
    });
    expect(facts).toEqual({
      destination: output,
      transferred: undefined,
      byteLength: statSync(SAMPLE).size,
    });
    expect([report.files.length, report.failures]).toEqual([1, []]);
    expect(readdirSync(output).sort()).toEqual(
      [...report.files.map(({ path }) => path), 'manifest.json'].sort(),
    );
    expect(told).toEqual(['plan of 1', 'output-finished', 'made']);
  });

  test('a function that plans · is given the open recording, and what it returns is made', async () => {
    const plan: Order['plan'] = (recording) =>
      planRecording(recording, {
        outputs: ['audio', 'video'],
        userId: recording.tracks[0]?.userId ?? '',
      });
    const { report } = await deliver(orderFor(await newFolder(), { plan }));
    expect(report.files.map(({ kind }) => kind).sort()).toEqual(['audio', 'video']);
  });

  test('an onPlan that fails · ends it before anything is made', async () => {
    const output = await newFolder();
    const failure = new Error('no lease');
    await expect(deliver(orderFor(output), { onPlan: () => Promise.reject(failure) })).rejects.toBe(failure);
    expect(readdirSync(output)).toEqual([]);
  });

  test('limits · reach reading and making', async () => {
    const limits = { maxEntries: 1 };
    const order = orderFor(await newFolder(), { limits });
    await expect(deliver(order)).rejects.toMatchObject({ name: 'ArchiveError' });
    const small = orderFor(await newFolder(), { limits: { maxEntrySize: 20_000 } });
    const { report } = await deliver(small);
    expect([report.damaged, report.files]).toEqual([true, []]);
  });

  test('aborted · ends with the reason, and leaves nothing', async () => {
    const output = join(await newFolder(), 'made');
    const stopping = new AbortController();
    const reason = new Error('enough');
    const delivering = deliver(orderFor(output), {
      signal: stopping.signal,
      onPlan: () => stopping.abort(reason),
    });
    await expect(delivering).rejects.toBe(reason);
    expect(() => statSync(output)).toThrow('ENOENT');
  });
});

describe('a place that takes no files', () => {
  test.each([
    ['https://bucket.example/made?X-Amz-Signature=5ec7e7', 'https://bucket.example/made'],
    ['gs://bucket/made', 'gs://bucket/made'],
    ['s3://', 's3://'],
  ])('%s · is refused before the recording is opened', async (output, shown) => {
    const refusal = await deliver(orderFor(output, { input: 'nowhere.zip' })).catch(
      (error: unknown) => error,
    );
    expect(refusal).toBeInstanceOf(DeliveryError);
    expect(refusal).toMatchObject({
      code: 'ERR_DESTINATION',
      message: `${shown} is no destination for files`,
      hint: 'Give a folder, or s3://bucket/prefix.',
    });
    await expect(openDestination(output)).rejects.toMatchObject({ code: 'ERR_DESTINATION' });
  });
});
