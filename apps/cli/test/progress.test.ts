import type { Plan, ProgressEvent } from '@rawreel/processor';
import stringWidth from 'string-width';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { barProgress } from '../src/terminal/bar-progress.ts';
import { coloursFor } from '../src/terminal/colour.ts';
import { FakeOutput, rawreel, track } from './fakes.ts';

const AUDIO = ['extract-audio', '--input-file', 'call.zip', '--output', 'out'];
const ALICE = 't-alice-mic.mkv';
const EVENTS: readonly ProgressEvent[] = [
  { type: 'scan-started', track: 0, totalBytes: 1000 },
  { type: 'scan-progress', track: 0, bytes: 500, totalBytes: 1000 },
  { type: 'scan-finished', track: 0 },
  { type: 'output-started', file: ALICE, totalBytes: 1000 },
  { type: 'output-progress', file: ALICE, bytes: 1000, totalBytes: 1000 },
  { type: 'output-finished', file: ALICE, byteLength: 480_000, durationMs: 60_000 },
  { type: 'output-failed', file: 't-bob-mic.mkv', code: 'ERR_X', message: 'unreadable' },
];

describe('where stderr is no terminal', () => {
  it('has one line per file that is done, and no control characters', async () => {
    const { stderr } = await rawreel(AUDIO, { events: EVENTS });
    expect(stderr).toBe('alice audio: t-alice-mic.mkv, 1:00, 480 kB\nbob audio: failed, unreadable\n');
  });

  it('has none with --quiet or --json', async () => {
    expect((await rawreel([...AUDIO, '--quiet'], { events: EVENTS })).stderr).toBe('');
    expect((await rawreel([...AUDIO, '--json'], { events: EVENTS })).stderr).toBe('');
  });
});

describe('on a terminal', () => {
  it.each([{ TERM: 'dumb' }, { NO_COLOR: '1' }, { CI: 'true' }])(
    'that takes no control codes, or that nobody watches (%j), has the lines of a pipe',
    async (env) => {
      const { stderr } = await rawreel(AUDIO, { events: EVENTS, stderrColumns: 80, env });
      expect(stderr).toBe((await rawreel(AUDIO, { events: EVENTS })).stderr);
    },
  );

  const CURSOR = { hidden: '\u001b[?25l', shown: '\u001b[?25h' };

  it('hides the cursor and gives it back, whether the run ends well or not', async () => {
    for (const stage of [{}, { runError: new Error('no') }]) {
      const { stderr } = await rawreel(AUDIO, { ...stage, events: EVENTS, stderrColumns: 80 });
      expect(stderr).toContain(CURSOR.hidden);
      expect(stderr.lastIndexOf(CURSOR.shown)).toBeGreaterThan(stderr.lastIndexOf(CURSOR.hidden));
    }
  });

  it('draws nothing with --quiet, and nothing on stdout ever', async () => {
    const quiet = await rawreel([...AUDIO, '--quiet'], { events: EVENTS, stderrColumns: 80 });
    expect(quiet.stderr).toBe('');
    const json = await rawreel([...AUDIO, '--json'], {
      events: EVENTS,
      stderrColumns: 80,
      stdoutColumns: 80,
    });
    expect(() => JSON.parse(json.stdout)).not.toThrow();
  });

  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  /** What a person sees after some events: the lines of the next drawing. */
  async function drawnAfter(
    events: readonly (ProgressEvent | number)[],
    columns = 100,
    plan = planOf(['alice', 'bob']),
  ): Promise<string[]> {
    const output = new FakeOutput(columns);
    let time = 0;
    const options = { plan, output, colours: coloursFor(output, { NO_COLOR: '1' }), now: () => time };
    const progress = await barProgress(options);
    for (const event of events) {
      if (typeof event === 'number') time += event;
      else progress.onProgress(event);
    }
    output.text = '';
    vi.advanceTimersByTime(200);
    const { text } = output;
    progress.stop();
    // biome-ignore lint/suspicious/noControlCharactersInRegex: the terminal's own language
    return text.split(/\u001b\[[\d;?]*[a-zA-Z]|\n/).filter((line) => line.trim() !== '');
  }

  const totalBytes = 50_000_000;
  const scanning = (number: number): ProgressEvent => ({ type: 'scan-started', track: number, totalBytes });
  const writing = (file: string): ProgressEvent => ({ type: 'output-started', file, totalBytes });
  const scanned = (number: number, bytes: number): ProgressEvent => ({
    type: 'scan-progress',
    track: number,
    bytes,
    totalBytes,
  });
  const written = (file: string, bytes: number): ProgressEvent => ({
    type: 'output-progress',
    file,
    bytes,
    totalBytes,
  });

  it('shows each track in work with stage, rate and time left, and the whole run', async () => {
    const lines = await drawnAfter([scanning(0), scanning(1), 2000, scanned(0, 25_000_000)]);
    expect(lines).toHaveLength(3);
    expect(lines[0]).toMatch(/^all {10}━{5}─{35} {2}0 of 2 files · 14 s left/);
    expect(lines[1]).toMatch(/^alice audio {2}━{20}─{20} {2}scan · 12\.5 MB\/s · 2\.0 s left/);
    expect(lines[2]).toMatch(/^bob audio {4}─{40} {2}starting/);
  });

  it('a finished file leaves its line and is counted, and so is its scan', async () => {
    const lines = await drawnAfter([
      scanning(0),
      { type: 'scan-finished', track: 0 },
      writing('alice.mkv'),
      writing('bob.mkv'),
      2000,
      { type: 'output-finished', file: 'alice.mkv', byteLength: 1, durationMs: 1 },
      written('bob.mkv', 10_000_000),
    ]);
    expect(lines).toHaveLength(2);
    expect(lines[0]).toMatch(/1 of 2 files · 1\.6 s left/);
    expect(lines[1]).toMatch(/^bob audio .*write/);
  });

  /** Two voices, each in a file of its own, and both in a mix. */
  const mixed = (): Plan => {
    const plan = planOf(['alice', 'bob']);
    const mix = { kind: 'mix', file: 'mix.mp3', format: 'mp3', tracks: [0, 1] } as const;
    return { ...plan, outputs: [...plan.outputs, mix] };
  };
  const mixing = (bytes: number): ProgressEvent => ({
    type: 'output-progress',
    file: 'mix.mp3',
    bytes,
    totalBytes: 2 * totalBytes,
  });
  const copied: readonly ProgressEvent[] = ['alice.mkv', 'bob.mkv'].map((file) => ({
    type: 'output-finished',
    file,
    byteLength: 1,
    durationMs: 1,
  }));

  it('says nothing of the time left before a mix has begun, which goes at a pace of its own', async () => {
    const lines = await drawnAfter([scanning(0), 2000, scanned(0, 25_000_000)], 100, mixed());
    expect(lines[0]).toMatch(/ 0 of 3 files *$/);
  });

  it('tells the time left of a mix from how fast it is mixed, not from how fast was copied', async () => {
    const lines = await drawnAfter(
      [
        ...copied,
        { type: 'scan-finished', track: 0 },
        { type: 'scan-finished', track: 1 },
        { type: 'output-started', file: 'mix.mp3', totalBytes: 2 * totalBytes },
        // The decoder is loaded.
        5000,
        mixing(1_000_000),
        2000,
        mixing(11_000_000),
      ],
      100,
      mixed(),
    );
    expect(lines[0]).toMatch(/ 2 of 3 files · 18 s left/);
    expect(lines[1]).toMatch(/^everybody mix .* {2}mix · 18 s left/);
  });

  it('follows a pace that changes', async () => {
    const slow = Array.from({ length: 12 }, (_, index) => [1000, written('alice.mkv', 21e6 + index * 1e6)]);
    const lines = await drawnAfter(
      [writing('alice.mkv'), 1000, written('alice.mkv', 20e6), ...slow.flat()],
      100,
      planOf(['alice']),
    );
    expect(lines[0]).toMatch(/ {2}write · 1\.0 MB\/s · 18 s left/);
  });

  it('stopping again does not touch the terminal', async () => {
    const output = new FakeOutput(80);
    const progress = await barProgress({ plan: planOf(['alice']), output, colours: coloursFor(output, {}) });
    progress.onProgress(writing('alice.mkv'));
    progress.stop();
    const { text } = output;
    progress.stop();
    expect(output.text).toBe(text);
  });

  it('one file needs no line for the whole', async () => {
    expect(await drawnAfter([writing('alice.mkv')], 80, planOf(['alice']))).toHaveLength(1);
  });

  it.each([30, 45, 60, 80, 200])('never wraps on %i columns, whatever the name', async (columns) => {
    const plan = planOf(['alice', '田中'.repeat(40)]);
    const second = plan.outputs[1]?.file ?? '';
    const events = [writing('alice.mkv'), writing(second), 2000, written(second, 1_000_000)];
    const lines = await drawnAfter(events, columns, plan);
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(stringWidth(line)).toBeLessThan(columns);
  });

  it('never draws more lines than the terminal has', async () => {
    const plan = planOf(Array.from({ length: 90 }, (_, index) => `user${index}`));
    const lines = await drawnAfter(
      plan.outputs.map(({ file }) => writing(file)),
      80,
      plan,
    );
    expect(lines.length).toBeLessThan(24);
    expect(lines.length).toBeGreaterThan(10);
  });
});

function planOf(users: readonly string[]): Plan {
  return {
    version: 1,
    source: 'call.zip',
    call: { type: 'default', id: 'standup', sessionId: 'run-1' },
    gaps: 'fill',
    dtx: 'fill',
    align: 'track',
    problems: [],
    tracks: users.map((userId) => ({
      ...track({ userId }),
      segments: [
        {
          base: 'audio_1',
          codec: 'opus',
          timing: {},
          dump: { container: 'file', path: 'a', name: 'a', size: 50_000_000 },
        },
      ],
    })),
    outputs: users.map((userId, number) => ({ kind: 'audio', file: `${userId}.mkv`, track: number })),
  };
}
