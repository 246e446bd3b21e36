import type { TrackTruth } from '@rawreel/fixtures';
import { expect, test } from 'vitest';
import { csvOf } from '../../src/inspect/csv.ts';
import { htmlOf } from '../../src/inspect/html/page.ts';
import { SIZES, simulcast } from './simulcast.ts';

const sumOf = (values: readonly number[]) => values.reduce((sum, each) => sum + each, 0);

const shownOf = (truth: TrackTruth | undefined) => truth?.frames.filter(({ decodable }) => decodable).length;

test('simulcast · packets, losses and pictures of each layer; of the camera those of the largest', async () => {
  const impair = { loss: 0.02 };
  const {
    camera,
    truth: [small, large],
    lines,
  } = await simulcast(6, { impair }, { impair });
  const lost = (small?.counts.lost ?? 0) + (large?.counts.lost ?? 0);
  expect(lost).toBeGreaterThan(3);
  expect(camera?.packets.lost).toBe(lost);
  const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width);
  expect(layers?.map(({ width, height }) => [width, height])).toEqual([...SIZES]);
  expect(layers).toMatchObject(
    [small, large].map((truth) => ({ packets: { lost: truth?.counts.lost }, shown: shownOf(truth) })),
  );
  expect(camera?.picture?.shown).toBe(shownOf(large));
  expect(camera?.picture?.sizes).toMatchObject([{ width: 320, height: 180 }]);
  const linesOf = (width: number) => lines.filter((line) => line.width === width);
  expect([linesOf(160).length, linesOf(320).length]).toEqual([shownOf(small), shownOf(large)]);
  expect(new Set(lines.map(({ ssrc, width }) => `${ssrc} ${width}`))).toEqual(new Set(['1 160', '2 320']));
});

test.each(['ulpfec', 'flexfec-03'] as const)(
  '%s · brings back the lost packets of each layer',
  async (scheme) => {
    const impair = { loss: 0.05, protect: { scheme, packets: 4 } };
    const more = (ssrc: number) => ({ rtp: { ssrc, mtu: 300 }, impair });
    const {
      camera,
      truth: [small, large],
    } = await simulcast(6, more(1), more(2));
    for (const truth of [small, large]) expect(truth?.counts.recoveredByFec).toBeGreaterThan(3);
    const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width);
    expect(layers).toMatchObject([small, large].map((truth) => ({ shown: shownOf(truth) })));
    expect(camera?.repairs.fec.packets).toBe((small?.counts.fec ?? 0) + (large?.counts.fec ?? 0));
  },
);

const OFF = { outages: [{ fromMs: 12_000, toMs: 22_000 }] };
const queues = [{ fromMs: 8000, toMs: 14_000, peakMs: 500 }];

test('the large layer goes behind a queue · congestion, with both sizes', async () => {
  const { causes } = await simulcast(30, { network: { queues } }, { network: { queues }, impair: OFF });
  expect(causes.find(({ cause }) => cause === 'congestion')?.evidence).toMatchObject({
    sizeBefore: '320×180',
    sizeAfter: '160×90',
  });
});

test('near miss · it goes without a queue, and the small one goes on: no picture stood, and no network was full', async () => {
  const { camera, causes } = await simulcast(30, {}, { impair: OFF });
  expect(causes.map(({ cause }) => cause)).not.toContain('congestion');
  expect(causes.map(({ cause }) => cause)).not.toContain('network-freeze');
  expect(camera?.stalls).toEqual([]);
  expect(camera?.picture?.freezes.longestMs).toBeLessThan(1000);
  const [, large] = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width) ?? [];
  expect(large?.sent).toHaveLength(2);
  expect(large?.freezes.longestMs).toBeLessThan(1000);
  expect(Math.abs((large?.sent[0]?.untilMs ?? 0) - 12_000)).toBeLessThan(300);
});

test('near miss · both go: the picture stood', async () => {
  const { camera } = await simulcast(30, { impair: OFF }, { impair: OFF });
  expect(camera?.picture?.freezes.longestMs).toBeGreaterThan(9500);
  expect(camera?.stalls).toHaveLength(1);
});

test('seconds and rate of each layer · what it sent, and nothing where it was switched off', async () => {
  const { camera, truth, bytes } = await simulcast(30, { impair: { loss: 0.02 } }, { impair: OFF });
  const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width) ?? [];
  expect(layers).toHaveLength(2);
  for (const [index, { seconds, packets, sent, meanKbps, shown }] of layers.entries()) {
    const sentMs = sumOf(sent.map(({ fromMs, untilMs }) => untilMs - fromMs));
    expect(sumOf(seconds.packets)).toBe(packets.received);
    expect(sumOf(seconds.lost)).toBe(truth[index]?.counts.lost);
    expect(sumOf(seconds.frames)).toBe(shown);
    expect(sumOf(seconds.kbps)).toBeCloseTo(((bytes[index] ?? 0) * 8) / 1000, 0);
    expect(meanKbps).toBeCloseTo(((bytes[index] ?? 0) * 8) / sentMs, 0);
  }
  const [small, large] = layers;
  const within = ({ second }: { readonly second: readonly number[] }) =>
    second.filter((each) => each >= 13 && each < 21);
  expect(within(small?.seconds ?? { second: [] })).toHaveLength(8);
  expect(within(large?.seconds ?? { second: [0] })).toEqual([]);
});

test('muted and back · the same layers, with both stretches', async () => {
  const segments = [
    { startMs: 0, durationMs: 6000 },
    { startMs: 9000, durationMs: 6000 },
  ];
  const { camera, truth } = await simulcast(15, { segments }, { segments });
  const layers = camera?.picture?.simulcast.toSorted((a, b) => a.width - b.width) ?? [];
  expect(layers.map(({ shown, sent }) => [shown, sent.length])).toEqual(
    truth.map((track) => [shownOf(track), 2]),
  );
});

test('a row for each second of each layer · in the CSV, with SSRC and size in its last columns', async () => {
  const { inspection, camera } = await simulcast(4, {}, {});
  const [heading = '', ...rows] = [...csvOf(inspection)].join('').trim().split('\r\n');
  expect(heading).toMatch(/,levelDbov,layerSsrc,layerSize$/);
  const own = (end: string) => rows.filter((row) => row.endsWith(end));
  for (const { ssrc, width, height, seconds } of camera?.picture?.simulcast ?? [])
    expect(own(`,${ssrc},${width}x${height}`)).toHaveLength(seconds.second.length);
  expect(own(',,')).toHaveLength(camera?.seconds.second.length ?? 0);
  expect(new Set(rows.map((row) => row.split(',').length))).toEqual(new Set([heading.split(',').length]));
});

test('the page · a curve and a row for each layer, the largest first', async () => {
  const { inspection, camera } = await simulcast(6, { impair: { loss: 0.05 } }, {});
  const page = htmlOf(inspection);
  const [large, small] = camera?.picture?.simulcast.toSorted((a, b) => b.width - a.width) ?? [];
  const names = [...page.matchAll(/aria-label="(\d+×\d+) of camera, 0 to ([\d.]+) kbit\/s"/g)];
  expect(names.map(([, size]) => size)).toEqual(['320×180', '160×90']);
  expect(new Set(names.map(([, , top]) => top)).size).toBe(1);
  const lossShare = ((small?.packets.lost ?? 0) / (small?.packets.expected ?? 1)) * 100;
  expect(page).toContain(
    `160×90 <small>${Math.round(small?.meanKbps ?? 0)} kbit/s · ${small?.meanFps.toFixed(1)} fps<br>${lossShare.toFixed(1)} % lost · for `,
  );
  expect(page).toMatch(
    new RegExp(
      `<tr class="layer"><td></td><td>320×180 for \\d\\.\\d s</td><td>${large?.packets.received}</td>`,
    ),
  );
});
