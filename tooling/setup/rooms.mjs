// What the tests of a room need beside npm packages; a room that is not named needs nothing.

/** Programs as Debian names their packages, but for ffplay, which comes with its ffmpeg; servers of tooling/ that live in Python's registry. */
const NEEDS = {
  'apps/cli': { tools: ['ffmpeg'] },
  'apps/webhook': {
    tools: ['ffmpeg', 'python3-venv', 'postgresql'],
    servers: ['s3-server', 'sqs-server'],
  },
  examples: { tools: ['ffmpeg', 'python3-venv'], servers: ['s3-server'] },
  'packages/delivery': { tools: ['ffmpeg', 'python3-venv'], servers: ['s3-server'] },
  'packages/matroska': { tools: ['ffmpeg', 'mkvtoolnix'] },
  'packages/processor': { tools: ['ffmpeg', 'python3-venv', 'tshark'], servers: ['timeline-judge'] },
  'packages/storage': { tools: ['python3-venv'], servers: ['s3-server'] },
  'test/chaos': { tools: ['ffmpeg'] },
  'test/e2e': {
    tools: ['ffmpeg', 'ffplay', 'mkvtoolnix', 'unzip', 'chromium', 'python3-venv'],
    servers: ['s3-server'],
  },
  'test/fuzz': { tools: ['ffmpeg'] },
  'tooling/fixtures': { tools: ['ffmpeg', 'unzip'] },
  'tooling/s3-server': { tools: ['python3-venv'], servers: ['s3-server'] },
  'tooling/sqs-server': { tools: ['python3-venv'], servers: ['sqs-server'] },
  'tooling/stream-api': { tools: ['python3-venv'], servers: ['sqs-server'] },
};

const every = (key, needs) => [...new Set(needs.flatMap(({ [key]: some = [] }) => some))];

/** Of one room, or of all where none is named. */
export function needsOf(room) {
  const needs = room === undefined ? Object.values(NEEDS) : [NEEDS[room] ?? {}];
  return { tools: every('tools', needs), servers: every('servers', needs) };
}
