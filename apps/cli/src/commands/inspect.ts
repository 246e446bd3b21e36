import { command } from '../declare/command-spec.ts';
import { flag, optionalArgument, text } from '../declare/kinds.ts';
import { INPUT, LIMITS } from '../options/input.ts';
import { ACCEPT_DAMAGE, SKIP_EXISTING } from '../options/media-files.ts';
import { PROGRESS, QUIET, VERBOSE } from '../options/printing.ts';
import { REMOTE } from '../options/remote.ts';
import { FILTERS } from '../options/track-filter.ts';
import { WORKERS } from '../options/workers.ts';

const FILE = { group: 'Output', placeholder: 'file', completes: 'file' } as const;

export const inspect = command({
  name: 'inspect',
  group: 'Look into a recording',
  summary: 'Tell what happened in a call: loss, freezes, delay, clocks, and what they came of.',
  examples: [
    { says: 'What people felt, and why', line: 'rawreel inspect --input-file call.zip' },
    { says: 'Two calls side by side', line: 'rawreel inspect monday.zip tuesday.zip' },
    {
      says: 'A page to look at, without anybody’s id',
      line: 'rawreel inspect --input-file call.zip --html report.html --anonymous',
    },
    { says: 'All measures, for a program', line: 'rawreel inspect --input-file call.zip --json' },
    {
      says: 'One participant’s packets in Wireshark',
      line: 'rawreel inspect --input-file call.zip --user-id alice --pcap alice.pcapng',
    },
    {
      says: 'The first packets of a track',
      line: 'rawreel inspect --input-file call.zip --track-id de63e3c1-6561-477e-a3f3-442bcb66457e --packets | head',
    },
  ],
  notes: [
    'A recording has what every participant sent, as it arrived at the server: their uplinks. What a receiver lacked for its own network is not in it.',
  ],
  options: {
    recording: optionalArgument('recording'),
    other: optionalArgument('other recording'),
    ...INPUT,
    ...FILTERS,
    json: flag({
      group: 'Output',
      help: 'print only JSON: all measures and causes; a line for each of --packets or --frames',
      default: false,
    }),
    html: text({
      ...FILE,
      help: 'write a page to look at: timeline, causes, curves; one file that needs no network, or s3://bucket/name.html',
      example: 'report.html',
    }),
    pcap: text({
      ...FILE,
      help: 'write the packets as pcapng, for Wireshark: an interface and a port for each track',
      example: 'call.pcapng',
    }),
    csv: text({ ...FILE, help: 'write a row for each second and track', example: 'call.csv' }),
    composite: text({
      ...FILE,
      help: 'a composite of the call, for the page to link to: a path as seen from the page',
      example: 'out/composite.mp4',
    }),
    anonymous: flag({
      group: 'Output',
      help: 'replace ids in everything that is printed and written',
      default: false,
    }),
    packets: flag({
      group: 'Output',
      help: 'print a line for each packet instead, as it arrived, and what was done with it',
      default: false,
    }),
    frames: flag({
      group: 'Output',
      help: 'print a line for each frame instead that a decoder can take',
      default: false,
    }),
    skipExisting: {
      ...SKIP_EXISTING,
      help: 'keep files that an earlier run with this option made of the same recording with the same options; the manifest.json beside them says so',
    },
    quiet: QUIET,
    progress: PROGRESS,
    verbose: VERBOSE,
    acceptDamage: ACCEPT_DAMAGE,
    ...LIMITS,
    ...REMOTE,
    workers: WORKERS,
  },
});
