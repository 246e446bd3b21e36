// The program inside the executable. Threads and lazily loaded parts begin with files, so the parts are unpacked, once for
// each version, into a folder of this user: ~/.cache/rawreel, or where that cannot be, a folder for the length of the run.
const { createHash } = require('node:crypto');
const { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } = require('node:fs');
const { createRequire } = require('node:module');
const { homedir, tmpdir } = require('node:os');
const { dirname, join } = require('node:path');
const { getAsset, getRawAsset } = require('node:sea');

const contents = getAsset('contents.json', 'utf8');

function unpackInto(folder) {
  for (const path of JSON.parse(contents).files) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), new Uint8Array(getRawAsset(path)));
  }
}

/** Whole or not at all, also where two begin at once: it is made elsewhere, and then has its name. */
function keptFolder() {
  const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'rawreel');
  const folder = join(cache, `program-${createHash('sha256').update(contents).digest('hex').slice(0, 16)}`);
  if (existsSync(folder)) return folder;
  mkdirSync(cache, { recursive: true, mode: 0o700 });
  const making = mkdtempSync(join(cache, 'unpacking-'));
  unpackInto(making);
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true, force: true });
    if (!existsSync(folder)) throw error;
  }
  return folder;
}

function passingFolder() {
  const folder = mkdtempSync(join(tmpdir(), 'rawreel-program-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  unpackInto(folder);
  return folder;
}

function programFolder() {
  try {
    return keptFolder();
  } catch {
    return passingFolder();
  }
}

createRequire(join(programFolder(), 'start.cjs'))('./start.cjs');
