import type { SeenRequest } from '@rawreel/stream-api';
import { describe, expect, test } from 'vitest';
import { formatSettingsDiff, type SettingsTarget } from '../src/index.ts';
import { STANDUP, standIn } from './builders/stand-in.ts';
import { timeOutUnanswered } from './builders/unanswered.ts';

const BUILT_IN = ['default', 'audio_room', 'livestream', 'development'].map((callType) => ({ callType }));

describe('one change to many', () => {
  test('reports what was changed, what was so already, and what failed', async () => {
    const { control } = await standIn();
    await control.settings.setForCallType('default', { mode: 'auto-on' });
    const targets = [
      { callType: 'nothing' },
      { callType: 'default' },
      { call: STANDUP },
      { callType: 'livestream' },
    ];
    const report = await control.settings.setMany(targets, { mode: 'auto-on' });
    expect(report).toMatchObject({
      isDryRun: false,
      changed: [{ target: { callType: 'livestream' }, after: { mode: 'auto-on', audioOnly: false } }],
      unchanged: [{ target: { callType: 'default' } }, { target: { call: STANDUP } }],
      failed: [{ target: { callType: 'nothing' }, error: { code: 'ERR_NOT_FOUND' } }],
    });
  });

  test('is tried first without changing anything, and shown as a diff', async () => {
    const { control, api } = await standIn();
    const change = { mode: 'auto-on', audioOnly: true } as const;
    const targets = [{ callType: 'audio_room' }, { call: STANDUP }];
    const report = await control.settings.setMany(targets, change, { dryRun: true });
    expect(report).toMatchObject({ isDryRun: true, unchanged: [], failed: [] });
    expect(report.changed.map(formatSettingsDiff).join('\n')).toBe(
      `  call type audio_room
-   raw_recording.mode: available
+   raw_recording.mode: auto-on
-   raw_recording.audio_only: false
+   raw_recording.audio_only: true
  call default:standup
-   raw_recording.mode: available
+   raw_recording.mode: auto-on
-   raw_recording.audio_only: false
+   raw_recording.audio_only: true`,
    );
    expect(api.requests.map(({ method }) => method)).toEqual(['GET', 'GET']);
  });

  test('takes a target that is named twice once', async () => {
    const { control, sent } = await standIn();
    const report = await control.settings.setMany([...BUILT_IN, ...BUILT_IN], { mode: 'auto-on' });
    expect(report.changed.map(({ target }) => target)).toEqual(BUILT_IN);
    expect(report.unchanged).toEqual([]);
    expect(sent('UpdateCallType')).toHaveLength(4);
  });

  test('has no more under way than told', async () => {
    let most = 0;
    const { api, control } = await standIn({
      api: {
        onRequest: () => {
          most = Math.max(most, api.requests.filter(({ status }) => status === undefined).length);
        },
      },
    });
    await control.settings.setMany(BUILT_IN, { mode: 'auto-on' }, { concurrency: 2 });
    expect(most).toBeLessThanOrEqual(2);
  });

  test('refuses to do nothing at a time', async () => {
    const { control } = await standIn();
    for (const concurrency of [0, Number.NaN]) {
      const setting = control.settings.setMany(BUILT_IN, { mode: 'auto-on' }, { concurrency });
      await expect(setting).rejects.toMatchObject({ code: 'ERR_BAD_REQUEST' });
    }
  });

  test('tells how far it is', async () => {
    const { control } = await standIn();
    const seen: string[] = [];
    await control.settings.setMany(
      BUILT_IN,
      { mode: 'auto-on' },
      {
        onProgress: ({ done, total, latest }) => seen.push(`${done}/${total} ${latest.state}`),
      },
    );
    expect(seen).toEqual(['1/4 changed', '2/4 changed', '3/4 changed', '4/4 changed']);
  });

  test('that is ended by a signal says who was left out', async () => {
    const controller = new AbortController();
    const { control, sent } = await standIn();
    const report = await control.settings.setMany(
      BUILT_IN,
      { mode: 'auto-on' },
      {
        concurrency: 1,
        signal: controller.signal,
        onProgress: ({ done }) => done === 2 && controller.abort(),
      },
    );
    expect(report.changed.map(({ target }) => target)).toEqual(BUILT_IN.slice(0, 2));
    expect(report.failed).toMatchObject(
      BUILT_IN.slice(2).map((target) => ({ target, error: { code: 'ERR_ABORTED' } })),
    );
    expect(sent('UpdateCallType')).toHaveLength(2);
  });
});

describe('500 call types at an API that takes 60 requests a second and fails one in twenty', () => {
  /** Of every ten, two are in the wished mode already, and four are audio only, which has to stay. */
  const seeded = Array.from({ length: 500 }, (_, index) => ({
    name: `type-${index}`,
    settings: {
      raw_recording: {
        mode: index % 10 < 2 ? ('auto-on' as const) : ('available' as const),
        audio_only: index % 10 > 5,
      },
    },
  }));
  const targets: SettingsTarget[] = [
    ...seeded.map(({ name }) => ({ callType: name })),
    { callType: 'not-there' },
  ];

  async function switchAll(seed: number) {
    const standing = await standIn({
      api: {
        seed: { callTypes: seeded },
        rateLimit: { requests: 60, windowMs: 1000 },
        onRequest: timeOutUnanswered(),
      },
    });
    const { api, control } = standing;
    api.fault({ operation: 'UpdateCallType', fault: { kind: 'timeout' } });
    api.fault({ fault: { kind: 'badGateway', effect: 'none' }, share: 0.025, seed });
    api.fault({ fault: { kind: 'reset', effect: 'done' }, share: 0.025, seed: seed + 1 });
    const report = await control.settings.setMany(targets, { mode: 'auto-on' }, { concurrency: 8 });
    return { ...standing, report };
  }

  test.each([1, 2, 3])(
    'all end as wished, and no request is repeated that should not be (%i)',
    async (seed) => {
      const { api, report } = await switchAll(seed);

      for (const { name, settings } of seeded) {
        expect(api.state.callTypes.get(name)).toMatchObject({
          settings: { raw_recording: { ...settings.raw_recording, mode: 'auto-on' } },
        });
      }
      expect(report.changed).toHaveLength(400);
      expect(report.unchanged).toHaveLength(100);
      expect(report.failed).toMatchObject([
        { target: { callType: 'not-there' }, error: { code: 'ERR_NOT_FOUND' } },
      ]);

      expect(api.requests.filter(({ fault }) => fault !== undefined).length).toBeGreaterThan(20);
      for (const { name, settings } of seeded) {
        const own = api.requests.filter(({ path }) => path.endsWith(`/${name}`));
        const writes = own.filter(({ operation }) => operation === 'UpdateCallType');
        expect(writes.filter(({ wasCarriedOut }) => wasCarriedOut)).toHaveLength(
          settings.raw_recording.mode === 'auto-on' ? 0 : 1,
        );
        // Once it has been carried out, it is not sent again; and before it is sent again, there is a look.
        expect(writes.slice(0, -1).filter(({ wasCarriedOut }) => wasCarriedOut)).toEqual([]);
        for (const [index, request] of own.entries()) {
          if (request.operation !== 'UpdateCallType') continue;
          expect(['GetCallType', undefined]).toContain(cameBefore(own, index)?.operation);
        }
      }
    },
  );

  /** What came before, but for what a rate limit has refused: it is not carried out, and sent again as it is. */
  const cameBefore = (own: readonly SeenRequest[], index: number) =>
    own.slice(0, index).findLast(({ status }) => status !== 429);

  test('stay inside the limit: few are refused for it', async () => {
    const { sent, api } = await switchAll(4);
    const refused = api.requests.filter(({ status }) => status === 429);
    expect(sent('UpdateCallType').length).toBeGreaterThan(400);
    expect(refused.length).toBeLessThan(api.requests.length / 20);
  });
});
