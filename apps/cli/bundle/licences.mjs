import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const PACKAGE = /^.*\/node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/;
const NOTICE = /^(licen[cs]e|notice|third_party)/i;
const MAY_BE_BUNDLED = ['MIT', 'ISC', '0BSD', 'BSD-3-Clause', 'Apache-2.0', 'BlueOak-1.0.0'];

/** Writes what was bundled, and the licences of it, into `LICENSES.txt`; fails for what may not be bundled. */
export function licences() {
  return {
    name: 'licences',
    generateBundle(_, bundle) {
      const modules = Object.values(bundle).flatMap((part) => part.moduleIds ?? []);
      const folders = new Set(modules.flatMap((id) => PACKAGE.exec(id.replaceAll('\\', '/'))?.[0] ?? []));
      const packages = [...folders].map(noticeOf).sort((a, b) => a.title.localeCompare(b.title, 'en'));
      const byText = Map.groupBy(packages, ({ text }) => text);
      const source = Array.from(byText, ([text, those]) =>
        [...those.map(({ title }) => title), '', text || 'No text comes with it.', ''].join('\n'),
      ).join(`\n${'-'.repeat(80)}\n\n`);
      this.emitFile({ type: 'asset', fileName: 'LICENSES.txt', source });
    },
  };
}

function noticeOf(folder) {
  const facts = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  const { name, version, license = facts.licenses?.[0]?.type } = facts;
  if (!MAY_BE_BUNDLED.includes(license))
    throw new Error(`${name} is under ${license}: it is not to be bundled`);
  const files = readdirSync(folder).filter((file) => NOTICE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(folder, file), 'utf8').trim());
  return { title: `${name} ${version} (${license})`, text: texts.join('\n\n') };
}
