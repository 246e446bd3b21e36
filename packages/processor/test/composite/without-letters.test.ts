import { expect, test, vi } from 'vitest';
import { openArt } from '../../src/composite/art/open-art.ts';
import type { CompositeLook } from '../../src/plan/plan.ts';

vi.mock(import('../../src/composite/art/drawer.ts'), () => ({ openDrawer: async () => undefined }));

const SIZE = { width: 320, height: 180 };
const LOOK: CompositeLook = {
  ...{ layout: 'auto', size: SIZE, fps: 25, fit: 'contain', places: 16, labels: true, blur: [], names: {} },
  ...{ background: '#000000', speakerBorder: false, title: 'Weekly' },
};

test('without the package that draws · tiles have colours of their own, and what is missing is named', async () => {
  const art = await openArt(LOOK);
  expect(art.lacks).toEqual([expect.stringMatching(/no names, initials, title or logo: .*@napi-rs\/canvas/)]);
  expect([art.label('alice', SIZE), art.overlays]).toEqual([undefined, []]);
  const [alice = new Uint8Array(), bob] = ['alice', 'bob'].map((userId) => art.initials(userId, SIZE).bytes);
  expect(alice).toHaveLength((320 * 180 * 3) / 2);
  expect(alice).not.toEqual(bob);
  expect(Math.min(...alice.subarray(0, 1000))).toBeGreaterThan(60);
});
