// Where a Chromium is: for the set-up, which installs one, and for the tests that drive it. Built-ins only.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** As Debian, Ubuntu, Fedora, Arch and Google call it. */
const NAMES = ['chromium', 'chromium-browser', 'google-chrome-stable', 'google-chrome', 'chrome'];

/** Where it does not come onto the PATH. */
const PLACES = {
  darwin: [
    '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
    '/Applications/Chromium.app/Contents/MacOS/Chromium',
  ],
  win32: ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].map((root) =>
    join(process.env[root] ?? '', 'Google', 'Chrome', 'Application', 'chrome.exe'),
  ),
};

/**
 * The path of a Chromium or Chrome: CHROMIUM_PATH, else the first on the PATH, else where installers put it.
 *
 * @returns {string | undefined}
 */
export function findChromium() {
  const { CHROMIUM_PATH } = process.env;
  if (CHROMIUM_PATH) return CHROMIUM_PATH;
  const ending = process.platform === 'win32' ? '.exe' : '';
  const onPath = (process.env.PATH ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '')
    .flatMap((folder) => NAMES.map((name) => join(folder, `${name}${ending}`)));
  return [...onPath, ...(PLACES[process.platform] ?? [])].find((path) => existsSync(path));
}
