import type { NotifyEvent, RecordingSummary } from '@rawreel/jobs';
import { expect, test } from 'vitest';
import { createLog, type Entry } from '../../src/service/log.ts';
import { logAnswers } from '../../src/service/log-answers.ts';
import { logNotifications } from '../../src/service/log-notifications.ts';
import { shownDuration, shownSeconds } from '../../src/service/shown-times.ts';

const now = () => new Date('2026-11-20T09:30:02Z');

function logged(entry: Entry, isTTY: boolean): string {
  let text = '';
  const write = (more: string) => {
    text += more;
  };
  createLog({ isTTY, write }, { secrets: ['hush-hush', 's'], now })(entry);
  return text;
}

test('a line on a terminal, an object elsewhere', () => {
  const entry = { level: 'info', text: 'ready', callCid: 'default:a', fields: { attempt: 1 } } as const;
  expect(logged(entry, true)).toMatch(/^\d\d:30:02 {2}default:a {2}ready\n$/);
  expect(JSON.parse(logged(entry, false))).toEqual({
    time: '2026-11-20T09:30:02.000Z',
    level: 'info',
    text: 'ready',
    call: 'default:a',
    attempt: 1,
  });
  expect(logged({ level: 'warn', text: 'x' }, true)).toContain('  warn: x\n');
});

test.each([
  ['the secret hush-hush is wrong', 'the secret … is wrong'],
  ['https://a.example/x.zip?Signature=abc&Expires=1 is over', 'https://a.example/x.zip?… is over'],
  ['"https://a.example/x#frag"', '"https://a.example/x?…'],
  ['postgres://user:password@db.example:5432/x', 'postgres://…@db.example:5432/x'],
  ['two\nlines \u001b[31mred', 'two\\x0alines \\x1b[31mred'],
])('%j is told as %j', (text, told) => {
  for (const isTTY of [true, false]) {
    const line = logged({ level: 'info', text, callCid: text, fields: { more: text } }, isTTY);
    if (isTTY) expect(line).toContain(told);
    else expect(JSON.parse(line)).toMatchObject({ text: told, call: told, more: told });
    expect(line.split('\n')).toHaveLength(2);
  }
});

test('refusals of one kind are told once a minute, with how many there were', () => {
  const told: string[] = [];
  let ms = 0;
  const answer = logAnswers(
    ({ text }) => told.push(text),
    () => ms,
  );
  for (let at = 0; at < 1000; at += 1) answer({ status: 401, code: 'bad-signature', message: 'no' });
  answer({ status: 503, code: 'not-stored', message: 'not stored', cause: new Error('down') });
  ms = 60_000;
  answer({ status: 401, code: 'bad-signature', message: 'no' });
  expect(told).toEqual([
    'answered 401 bad-signature: no',
    'answered 503 not-stored: not stored: down',
    'answered 401 bad-signature: no (999 more of these since the last time)',
  ]);
});

test.each([
  [
    { kind: 'delivered', answer: 'answered 204' },
    'info',
    'recording.done sent to app.example (0): answered 204',
  ],
  [
    { kind: 'failed', answer: 'answered 500', againInMs: 300_000 },
    'warn',
    'recording.done not delivered to app.example (0): answered 500; tried again in 5:00',
  ],
  [
    { kind: 'failed', answer: 'answered 500' },
    'error',
    'recording.done not delivered to app.example (0): answered 500; given up',
  ],
  [
    { kind: 'disabled', answer: 'answered 410', why: 'it is gone: answered 410' },
    'error',
    'app.example (0) is disabled, it is gone: answered 410; its webhooks are kept for two weeks, until it is enabled again',
  ],
] as const)('who is told, or could not be: %j', (event, level, text) => {
  const told: Entry[] = [];
  const recording = { id: 'r', callCid: 'default:a' } as RecordingSummary;
  const notification = { id: 'n', kind: 'done', atMs: 0, recording } as const;
  logNotifications((entry) => told.push(entry))({
    endpoint: 'app.example (0)',
    attempt: 3,
    notification,
    ...event,
  } as NotifyEvent);
  const fields = { recording: 'r', endpoint: 'app.example (0)', notification: 'n', try: 3 };
  expect(told).toEqual([{ level, callCid: 'default:a', text, fields }]);
});

test('times as people read them', () => {
  expect([0, 59_600, 2_537_000, 3_723_000].map(shownDuration)).toEqual(['0:00', '1:00', '42:17', '1:02:03']);
  expect([400, 34_000, 150_000].map(shownSeconds)).toEqual(['0.4 s', '34 s', '2:30']);
});

test.each([
  ['debug', 'debug info warn error'],
  ['info', 'info warn error'],
  ['error', 'error'],
  ['silent', ''],
] as const)('of the level %s: %j', (level, told) => {
  for (const isTTY of [true, false]) {
    const lines: string[] = [];
    const write = (line: string) => lines.push(line);
    const log = createLog({ isTTY, write }, { secrets: [], level });
    for (const each of ['debug', 'info', 'warn', 'error'] as const) log({ level: each, text: `is ${each}` });
    expect(lines.map((line) => /is (\w+)/.exec(line)?.[1]).join(' ')).toBe(told);
  }
});

test('a text with % in it is told as it is', () => {
  const entry = { level: 'info', text: '100 %s %d {"a"}', fields: { attempt: undefined, more: 1 } } as const;
  expect(JSON.parse(logged(entry, false))).toEqual({
    level: 'info',
    time: '2026-11-20T09:30:02.000Z',
    more: 1,
    text: '100 %s %d {"a"}',
  });
});
