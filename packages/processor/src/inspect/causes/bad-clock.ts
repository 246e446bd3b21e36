import { type CallMeasures, type Finding, merged, whoseOf } from './call-measures.ts';
import { span, times } from './words.ts';

/** Crystals of sound cards keep 100 millionths; a wrong rate is mostly far beyond. */
const MOST_PPM = 300;

/** A track must be long enough for its rate to be seen. */
const LEAST_MS = 30_000;

/** What the rate has gained must stand out of what its place is uncertain by. */
const CERTAIN = 2;

const MOST_STEPS = 5;

/** A sound card whose clock is wrong: its rate, as the clock solve has it from sender reports, or steps again and again. */
export const badClock = ({ tracks }: CallMeasures): Finding[] =>
  tracks.flatMap((track): Finding[] => {
    const [all] = merged(track.segments, Number.POSITIVE_INFINITY);
    const { driftPpm, uncertaintyMs, steps, source } = track.clock;
    if (track.kind !== 'audio' || all === undefined) return [];
    const lengthMs = all.untilMs - all.fromMs;
    const gainedMs = (Math.abs(driftPpm) * lengthMs) / 1e6;
    const isWrong =
      source !== 'received' &&
      lengthMs >= LEAST_MS &&
      Math.abs(driftPpm) >= MOST_PPM &&
      gainedMs >= CERTAIN * uncertaintyMs;
    if (!isWrong && steps < MOST_STEPS) return [];
    const rate = `${(Math.abs(driftPpm) / 10_000).toFixed(2)} % ${driftPpm > 0 ? 'fast' : 'slow'}`;
    return [
      {
        cause: 'bad-clock',
        confidence: isWrong ? 'high' : 'medium',
        ...whoseOf([track]),
        ...all,
        times: [all],
        evidence: {
          driftPpm: Math.round(driftPpm),
          gainedMs: Math.round(gainedMs),
          uncertaintyMs: Math.round(uncertaintyMs),
          steps,
        },
        sentence: isWrong
          ? `microphone clock ${rate}: ${span(gainedMs)} over ${span(lengthMs)} (files are corrected for it)`
          : `microphone clock stood or jumped ${times(steps)}: its driver loses samples`,
      },
    ];
  });
