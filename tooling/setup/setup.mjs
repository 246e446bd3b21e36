// Runs on whatever Node the machine has, before anything is installed: plain JavaScript, built-ins only.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findChromium } from './find-chromium.mjs';
import { needsOf } from './rooms.mjs';

const ROOT = join(dirname(fileURLToPath(import.meta.url)), '..', '..');
const BIN = join(ROOT, 'node_modules', '.bin');
const STAMP = join(ROOT, 'node_modules', '.rawreel-setup');
const ENV = { ...process.env, PATH: `${BIN}${delimiter}${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1' };

const TURBO = ['turbo', 'run', '--ui=stream', '--log-prefix=none', '--env-mode=loose'];
/** The room that `npm test --workspace …` was called for. */
const here = relative(ROOT, process.cwd()).replaceAll('\\', '/');

/** What each command needs beside the npm packages, and what it runs. */
const JOBS = {
  build: {},
  // What turbo takes from its cache is put beside what an earlier build has left, and all of it would be packed.
  pack: { afresh: 'apps/cli/dist', run: ['node', 'tooling/pack/pack.mjs'] },
  'single-file': {
    afresh: 'apps/cli/dist',
    run: ['npm', 'run', 'make', '--workspace', 'tooling/single-file'],
  },
  api: { run: ['npm', 'run', 'pages', '--workspace', 'tooling/api-pages'] },
  demo: { run: ['node', 'tooling/setup/demo.mjs'] },
  'demo:api': { run: ['node', 'tooling/setup/demo-api.mjs'] },
  'demo:service': { needs: { tools: ['ffmpeg'] }, run: ['node', 'tooling/setup/demo-service.mjs'] },
  // One room after another: each takes all cores.
  test: {
    needs: needsOf(),
    run: [...TURBO, '--concurrency=1', '--continue', 'test:quick', 'test:slow', '--'],
  },
  'test:room': { needs: needsOf(here), run: [...TURBO, `--filter=./${here}`, 'test:quick', '--'] },
  /** What `npm test -- --all` runs: every set in one process, none from a cache. */
  'test --all': { needs: needsOf(), run: ['vitest', 'run'] },
  chaos: { needs: { tools: ['ffmpeg'] }, run: ['node', 'test/chaos/main.ts'] },
  bench: { needs: { tools: ['ffmpeg', 'unzip'] }, run: ['node', 'test/bench/main.ts'] },
};
/** What runs without an error where the package is there. */
const PROBE_OF = {
  ffmpeg: ['ffprobe', '-version'],
  ffplay: ['ffplay', '-version'],
  mkvtoolnix: ['mkvmerge', '--version'],
  tshark: ['tshark', '--version'],
  unzip: ['unzip', '-v'],
  'python3-venv': ['python3', '-c', 'import ensurepip, venv'],
  // Debian and Homebrew have it beside the search path.
  postgresql: [
    'sh',
    '-c',
    'command -v initdb || ls /usr/lib/postgresql/*/bin/initdb || ls /opt/homebrew/opt/postgresql@*/bin/initdb || ls /usr/local/opt/postgresql@*/bin/initdb',
  ],
};
/** Packages that other systems call otherwise. */
const NAMES_ELSEWHERE = {
  darwin: {
    chromium: '--cask google-chrome',
    'python3-venv': 'python',
    postgresql: 'postgresql@18',
    tshark: 'wireshark',
  },
  win32: {
    ffmpeg: 'Gyan.FFmpeg',
    mkvtoolnix: 'MoritzBunkus.MKVToolNix',
    tshark: 'WiresharkFoundation.Wireshark',
    unzip: 'GnuWin32.UnZip',
    chromium: 'Google.Chrome',
    'python3-venv': 'Python.Python.3.13',
    postgresql: 'PostgreSQL.PostgreSQL.18',
  },
};

const say = (line) => process.stderr.write(`${line}\n`);

function fail(lines) {
  for (const line of lines) say(line);
  process.exit(1);
}

function run(command, args, { quiet = false } = {}) {
  const windows = process.platform === 'win32';
  const result = spawnSync(command, args, {
    cwd: ROOT,
    env: ENV,
    shell: windows,
    stdio: quiet ? ['ignore', 'ignore', 'ignore'] : ['inherit', 'inherit', 'inherit'],
  });
  if (result.error) return 127;
  return result.status ?? 1;
}

function setUpPackages() {
  const lockDigest = createHash('sha256')
    .update(readFileSync(join(ROOT, 'package-lock.json')))
    .digest('hex');
  if (existsSync(STAMP) && readFileSync(STAMP, 'utf8') === lockDigest) return;
  say('Set-up: installing the npm packages of package-lock.json (npm ci) …');
  if (run('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error']) !== 0) {
    fail([
      'npm ci failed: see its lines above. It needs the npm registry (or the mirror that npm is set up with).',
    ]);
  }
  setUpPinnedNode();
  writeFileSync(STAMP, lockDigest);
}

/** The `node` package brings its binary in an install script, which npm may have been told not to run. */
function setUpPinnedNode() {
  const wanted = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')).devDependencies.node;
  if (pinnedNodeVersion() !== wanted) {
    say(`Set-up: fetching Node ${wanted}, the version this repository is pinned to …`);
    run('npm', ['rebuild', 'node', '--foreground-scripts']);
  }
  const found = pinnedNodeVersion();
  if (found !== wanted)
    fail([
      `Node ${wanted} could not be installed through npm (found: ${found ?? 'none'}).`,
      'Try: npm rebuild node --foreground-scripts',
    ]);
}

function pinnedNodeVersion() {
  const result = spawnSync(
    join(ROOT, 'node_modules', 'node', 'bin', process.platform === 'win32' ? 'node.exe' : 'node'),
    ['--version'],
  );
  return result.status === 0 ? String(result.stdout).trim().replace(/^v/, '') : undefined;
}

function isThere(tool) {
  if (tool === 'chromium') return findChromium() !== undefined;
  const [program, ...args] = PROBE_OF[tool];
  return spawnSync(program, args).status === 0;
}

function setUpTools(tools) {
  const lacking = tools.filter((tool) => !isThere(tool));
  if (lacking.length === 0) return;
  const isAlpine = existsSync('/etc/alpine-release');
  const missing = [...new Set(lacking.map((tool) => (tool === 'ffplay' && !isAlpine ? 'ffmpeg' : tool)))];
  const isDebian = existsSync('/etc/debian_version');
  if (isDebian && process.getuid?.() === 0) {
    say(`Set-up: installing ${missing.join(', ')} with apt-get …`);
    ENV.DEBIAN_FRONTEND = 'noninteractive';
    if (
      run('apt-get', ['update', '-qq']) === 0 &&
      run('apt-get', ['install', '-y', '-qq', '--no-install-recommends', ...missing], { quiet: true }) === 0
    )
      return;
    fail([
      `apt-get could not install ${missing.join(', ')}. Try: apt-get update && apt-get install ${missing.join(' ')}`,
      ...chromiumHint(missing),
    ]);
  }
  fail([
    `This needs ${missing.join(', ')}, which the machine lacks. Install with:`,
    `  ${installCommand(missing, isDebian)}`,
    ...chromiumHint(missing),
    'and run the command again.',
  ]);
}

const chromiumHint = (missing) =>
  missing.includes('chromium') ? ['A Chromium or Chrome elsewhere: name it with CHROMIUM_PATH.'] : [];

/** Servers and readers that tests run against live in Python's registry: each in an environment of its own, beside its code. */
const PYTHON_SERVERS = {
  's3-server': 'the S3 server of the tests, OpenStack Swift (pip, 80 MB)',
  'sqs-server': 'the SQS server of the tests, moto (pip, 140 MB)',
  'timeline-judge': 'what reads timelines in the tests, OpenTimelineIO (pip, 40 MB)',
};

function setUpPythonServer(room) {
  const home = join(ROOT, 'tooling', room);
  const requirements = join(home, 'requirements.txt');
  const venv = join(home, '.venv');
  const stamp = join(venv, '.installed');
  const wanted = readFileSync(requirements, 'utf8');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  say(`Set-up: installing ${PYTHON_SERVERS[room]} …`);
  const pip = [
    '-m',
    'pip',
    'install',
    '--quiet',
    '--disable-pip-version-check',
    '--no-deps',
    '-r',
    requirements,
  ];
  if (run('python3', ['-m', 'venv', '--clear', venv]) !== 0 || run(join(venv, 'bin', 'python'), pip) !== 0) {
    fail([
      'It could not be installed: see the lines above. It needs Python 3.11 or later and its registry (or the mirror that pip is set up with).',
    ]);
  }
  writeFileSync(stamp, wanted);
}

function installCommand(missing, isDebian) {
  const packages = missing.join(' ');
  if (isDebian) return `sudo apt-get update && sudo apt-get install -y ${packages}`;
  const { platform } = process;
  if (platform === 'darwin' || platform === 'win32') {
    const install = platform === 'darwin' ? 'brew' : 'winget';
    return missing
      .map((tool) => `${install} install ${NAMES_ELSEWHERE[platform][tool] ?? tool}`)
      .join(' && ');
  }
  if (existsSync('/etc/fedora-release'))
    return `sudo dnf install ${packages.replace('ffmpeg', 'ffmpeg-free').replace('python3-venv', 'python3').replace('postgresql', 'postgresql-server').replace('tshark', 'wireshark-cli')}`;
  if (existsSync('/etc/arch-release'))
    return `sudo pacman -S ${packages.replace('mkvtoolnix', 'mkvtoolnix-cli').replace('tshark', 'wireshark-cli').replace('python3-venv', 'python')}`;
  if (existsSync('/etc/alpine-release')) return `apk add ${packages.replace('python3-venv', 'python3')}`;
  return `your system's package manager: ${packages}`;
}

function build() {
  const result = spawnSync('turbo', ['run', 'build', '--output-logs=errors-only', '--log-order=grouped'], {
    cwd: ROOT,
    env: ENV,
    shell: process.platform === 'win32',
    encoding: 'utf8',
  });
  if (result.status === 0) return;
  fail([result.stdout ?? '', result.stderr ?? '', 'The build failed: see the lines above.']);
}

const isAll = process.argv[2] === 'test' && process.argv[3] === '--all';
const [name, ...rest] = isAll ? ['test --all', ...process.argv.slice(4)] : process.argv.slice(2);
const job = JOBS[name];
if (!job) fail([`usage: node tooling/setup/setup.mjs ${Object.keys(JOBS).join('|')} [arguments of the job]`]);
setUpPackages();
const { tools = [], servers = [] } = job.needs ?? {};
setUpTools(tools);
servers.forEach(setUpPythonServer);
if (job.afresh) rmSync(join(ROOT, job.afresh), { recursive: true, force: true });
build();
if (job.run) process.exit(run(job.run[0], [...job.run.slice(1), ...rest]));
