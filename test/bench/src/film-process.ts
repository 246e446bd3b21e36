// node film-process.ts <archive> <output> <JSON of the composite> [<number of tracks that are shared screens>]: a film, in a process of its own.
import { writeFileSync } from 'node:fs';
import { setFlagsFromString } from 'node:v8';
import { openRecording } from '@rawreel/archive';
import { planRecording, runPlan } from '@rawreel/processor';

// As the command line does (small-heap.ts).
for (const flag of ['--semi-space-growth-factor=1', '--heap-growing-percent=30']) setFlagsFromString(flag);

const [archive = '', output = '', composite = '{}', shares = '0'] = process.argv.slice(2);
await using recording = await openRecording(archive);
const planned = planRecording(recording, { outputs: ['composite'], composite: JSON.parse(composite) });
const videos = planned.tracks.filter(({ kind }) => kind === 'video');
// A plan is a plain value: a camera of the generated call is called a screen, which costs no less.
const shared = new Set(videos.slice(videos.length - Number(shares)));
const tracks = planned.tracks.map((track) => ({ ...track, screenshare: shared.has(track) }));
const report = await runPlan({ ...planned, tracks }, { output, madeBy: 'bench' });
if (report.failures.length > 0) throw new Error(JSON.stringify(report.failures));
const { PEAK } = process.env;
if (PEAK !== undefined) writeFileSync(PEAK, `${process.resourceUsage().maxRSS / 1024}`);
