import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';

const SCRIPT = `
import { registerHooks } from 'node:module';
const loaded = [];
registerHooks({ resolve(specifier, context, next) {
  const resolved = next(specifier, context);
  loaded.push(resolved.url);
  return resolved;
} });
await import(${JSON.stringify(new URL('../src/index.ts', import.meta.url).href)});
process.stdout.write(loaded.join('\\n'));
`;

test('a run that reads local files only loads neither the SDK nor the HTTP client', () => {
  const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', SCRIPT], { encoding: 'utf8' });
  expect(loaded).toContain('/open-remote-object.ts');
  expect(loaded).not.toMatch(/node_modules\/(@aws-sdk|@smithy|undici)\//);
});
