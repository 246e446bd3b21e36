import type { Context } from '../context.ts';
import type { Check } from './check.ts';

/** What is drawn of names in a composite. */
export async function checkNames({ packages }: Context): Promise<Check> {
  const { areDrawn, missingScripts } = await (await packages.processor()).lookForLetters();
  if (!areDrawn)
    return {
      name: 'names',
      state: 'limited',
      found:
        'a composite shows colours for names, initials, title and logo: @napi-rs/canvas is not installed',
      advice: 'npm install -g @napi-rs/canvas',
    };
  if (missingScripts.length === 0)
    return { name: 'names', state: 'ok', found: 'a composite shows names in all scripts' };
  return {
    name: 'names',
    state: 'limited',
    found: `a composite shows names, but boxes for ${missingScripts.join(', ')}`,
    advice:
      'Install fonts for them, such as Noto (Debian: apt-get install fonts-noto fonts-noto-cjk fonts-noto-color-emoji).',
  };
}
