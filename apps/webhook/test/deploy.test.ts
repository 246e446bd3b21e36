import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as v from 'valibot';
import { expect, test } from 'vitest';
import { APP_VARIABLES, SECRET_VARIABLES, SETTINGS, VARIABLES } from '../src/config/config.ts';

const root = join(import.meta.dirname, '../../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const deploy = (name: string) => read(`apps/webhook/deploy/${name}`);
const dockerfile = deploy('Dockerfile');
const compose = deploy('compose.yaml');
const unit = deploy('systemd/rawreel-webhook@.service');

test('the image has the Node that the tests run on', () => {
  const { devDependencies } = JSON.parse(read('package.json')) as { devDependencies: { node: string } };
  const images = [...dockerfile.matchAll(/^FROM node:([\d.]+)-/gm)].map(([, version]) => version);
  expect(images).toEqual([devDependencies.node, devDependencies.node]);
});

test('every variable that is set is one that is read', () => {
  const known = [
    'RAWREEL_CONFIG',
    ...Object.values(VARIABLES).map(({ name }) => name),
    ...Object.values(APP_VARIABLES),
    ...SECRET_VARIABLES.map((name) => `${name}_FILE`),
  ];
  for (const text of [dockerfile, compose, unit]) {
    const named = text.match(/\b(?:RAWREEL|STREAM|DATABASE)_[A-Z_]+\b/g) ?? [];
    expect(named.length).toBeGreaterThan(0);
    expect(known).toEqual(expect.arrayContaining(named));
  }
});

test('whoever stops it waits for longer than it takes to stop', () => {
  // 5 s to hand back, and beside that 8 s for events that are being received.
  const { stopSeconds } = v.parse(SETTINGS, {});
  const waits = [/TimeoutStopSec=(\d+)/.exec(unit), /stop_grace_period: (\d+)s/.exec(compose)];
  for (const wait of waits) expect(Number(wait?.[1])).toBeGreaterThan(stopSeconds + 5 + 8);
});
