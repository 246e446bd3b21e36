// A stand-up of five people as a raw recording: cameras, one of which is a phone's, one that is off, and a shared screen.
import { generateCall } from '../fixtures/dist/index.js';

const LASTS_MS = 20_000;

const turns = (...pairs) => pairs.map(([fromMs, toMs]) => ({ fromMs, toMs }));

const person = (id, startMs, speech, video) => ({
  id,
  sessions: [
    {
      tracks: [
        { kind: 'audio', speech, segments: [{ startMs, durationMs: LASTS_MS - startMs }] },
        ...video.map((track) => ({ kind: 'video', codec: 'vp8', fps: 12, bitrate: 400_000, ...track })),
      ],
    },
  ],
});

const camera = (startMs, more = {}) => ({
  width: 640,
  height: 360,
  subject: 'person',
  segments: [{ startMs, durationMs: LASTS_MS - startMs }],
  ...more,
});

/** What they are called, as `--names` takes it. */
export const NAMES = {
  alice: 'Alice Liddell',
  bob: 'Bob Okafor',
  chiara: 'Chiara Rossi',
  diego: 'Diego Núñez',
  emma: 'Emma Åkesson',
};

/** @param path where the archive goes */
export async function writeDemoCall(path) {
  const screen = {
    screenshare: true,
    width: 1280,
    height: 720,
    fps: 5,
    subject: 'slides',
    segments: [{ startMs: 7000, durationMs: 8500 }],
  };
  const diegoSegments = [
    { startMs: 300, durationMs: 8000 },
    { startMs: 16_000, durationMs: 4000 },
  ];
  const call = await generateCall({
    seed: 'demo',
    callId: 'stand-up',
    users: [
      person('alice', 0, turns([500, 3200], [17_000, 19_500]), [camera(200)]),
      person('chiara', 1000, turns([13_000, 15_200]), [camera(1200, { width: 360, height: 640 })]),
      person('diego', 300, turns([6000, 7200]), [camera(0, { segments: diegoSegments })]),
      person('emma', 2500, turns([15_600, 17_000]), [camera(2600)]),
      person('bob', 300, turns([3500, 6000], [7500, 12_800]), [camera(500), screen]),
    ],
  });
  await call.writeArchive(path);
}
