import { expect, test } from 'vitest';
import type { Stretch } from '../../src/inspect/causes/call-measures.ts';
import { htmlOf } from '../../src/inspect/html/page.ts';
import type { Inspection } from '../../src/inspect/inspection.ts';
import { inspected } from './inspected.ts';

const HOSTILE = '</script><script>alert(1)</script>"\'><img src=x onerror=alert(2)>\u202e';

const outage = { outages: [{ fromMs: 5000, toMs: 6500 }] };

const troubled = (userId: string) =>
  inspected({
    seed: 'page',
    callId: userId,
    users: [
      {
        id: userId,
        sessions: [
          {
            tracks: [
              { kind: 'audio', impair: outage, segments: [{ startMs: 0, durationMs: 12_000 }] },
              {
                kind: 'video',
                codec: 'vp8',
                width: 320,
                height: 180,
                impair: outage,
                segments: [{ startMs: 0, durationMs: 12_000 }],
              },
            ],
          },
        ],
      },
      {
        id: 'quiet',
        sessions: [{ tracks: [{ kind: 'audio', segments: [{ startMs: 0, durationMs: 12_000 }] }] }],
      },
    ],
  });

test('ids that are markup · stand in the page as text, wherever they are', async () => {
  const { inspection } = await troubled(HOSTILE);
  const page = htmlOf(inspection);
  expect(page.match(/<script/g)).toHaveLength(1);
  expect(page).not.toContain('<img');
  expect(page).not.toContain('\u202e');
  expect(page).toContain('&lt;/script&gt;&lt;script&gt;alert(1)');
});

test('a page needs nothing else · no address, one style, one script that its policy names', async () => {
  const { inspection } = await troubled('ann');
  const page = htmlOf(inspection);
  expect(page.replace(/(Content-Security-Policy" content|data-v)="[^"]*"/g, '')).not.toMatch(
    /https?:|\/\/\w|url\(|@import|src=/,
  );
  expect(page).toMatch(/default-src 'none'; style-src 'unsafe-inline'; script-src 'sha256-[\w+/=]{44}'/);
});

test('trouble is a bar at its moments; what lasts for the whole call a thin line along it', async () => {
  const { inspection } = await troubled('ann');
  const [cause] = inspection.causes;
  if (cause === undefined) throw new Error('no cause');
  const barsWith = (times: readonly Stretch[]) => {
    const page = htmlOf({ ...inspection, causes: [{ ...cause, times }] });
    const [trouble = '', ...others] = page.match(/<svg class="lane trouble".*?<\/svg>/g) ?? [];
    expect(others).toEqual([]);
    return [...trouble.matchAll(/stroke-width="([\d.]+)" d="M([\d.]+) 3h([\d.]+)"/g)].map(([, ...bar]) =>
      bar.map(Number),
    );
  };
  const whole = { fromMs: 0, untilMs: inspection.durationMs };
  const [moment] = barsWith(cause.times);
  expect(moment).toEqual([6, expect.closeTo(663, -1), expect.closeTo(203, -1)]);
  expect(barsWith([whole])).toEqual([[1.5, 0, 1600]]);
  const begins = (page: string) => page.match(/class="mark begins" d="M[\d.]+ 0v6"/g)?.length;
  expect(begins(htmlOf({ ...inspection, durationMs: 3_600_000 }))).toBe(1);
  expect(barsWith([whole, ...cause.times])).toEqual([[1.5, 0, 1600], moment]);
});

test('a composite · causes lead to their moments; no path of one becomes a script', async () => {
  const { inspection } = await troubled('ann');
  const [cause] = inspection.causes;
  const seconds = ((cause?.offsetMs ?? 0) / 1000).toFixed(1);
  expect(htmlOf(inspection, { composite: 'out/film 1.mp4' })).toContain(
    `href="./out/film%201.mp4#t=${seconds}"`,
  );
  expect(htmlOf(inspection, { composite: 'javascript:alert(1)' })).toContain(
    'href="./javascript%3Aalert(1)#t=',
  );
  expect(htmlOf(inspection)).not.toContain('<a ');
});

test('anonymous · no id is left, in the page or in the JSON', async () => {
  const { inspection, truth } = await inspected(
    {
      seed: 'anonymous',
      callId: 'secret-call',
      users: ['alice-secret', 'bob-secret'].map((id) => ({
        id,
        sessions: [
          {
            tracks: [
              {
                kind: 'audio',
                impair: outage,
                segments: [{ startMs: id.startsWith('bob') ? 7000 : 0, durationMs: 12_000 }],
              },
              {
                kind: 'video',
                codec: 'vp8',
                width: 320,
                height: 180,
                keyFrameEveryMs: 60_000,
                segments: [{ startMs: 0, durationMs: 19_000 }],
              },
            ],
          },
        ],
      })),
    },
    { anonymous: true },
  );
  expect(inspection.participants.map(({ userId }) => userId)).toEqual(['person-1', 'person-2']);
  const all = htmlOf(inspection) + JSON.stringify(inspection);
  expect(all).not.toContain('secret');
  for (const { userId, sessionId, trackId } of truth.tracks)
    for (const id of [userId, sessionId, trackId]) expect(all).not.toContain(id);
});

test('an hour of ten people · less than 400 KB, whatever the network did', async () => {
  const { inspection } = await troubled('ann');
  const seconds = Array.from({ length: 3600 }, (_, index) => index);
  // Numbers that never repeat are the most that a curve can weigh.
  const noise = (most: number) => seconds.map((at) => Math.round(((at * 7919) % 997) * (most / 997)));
  const tracks = Array.from({ length: 10 }, (_, user) =>
    inspection.tracks.slice(0, 2).map((track) => ({
      ...track,
      userId: `participant-${user}`,
      ...(track.sound === undefined
        ? {}
        : {
            sound: {
              ...track.sound,
              turns: Array.from({ length: 700 }, (_, turn) => ({
                startMs: turn * 5000,
                endMs: turn * 5000 + 2400,
              })),
            },
          }),
      seconds: {
        ...track.seconds,
        second: seconds,
        packets: noise(50),
        kbps: noise(2000),
        lost: noise(9),
        jitterMs: noise(90),
        delayMs: noise(300),
        ...(track.kind === 'audio' ? { levelDbov: noise(90).map((value) => -value) } : { frames: noise(30) }),
      },
    })),
  ).flat();
  const long: Inspection = {
    ...inspection,
    durationMs: 3_600_000,
    tracks,
    participants: Array.from({ length: 10 }, (_, user) => ({
      ...(inspection.participants[0] as Inspection['participants'][number]),
      userId: `participant-${user}`,
    })),
    causes: Array.from({ length: 60 }, () => inspection.causes[0] as Inspection['causes'][number]),
  };
  const bytes = Buffer.byteLength(htmlOf(long));
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(400_000);
});
