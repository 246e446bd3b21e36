import { describe, expect, test } from 'vitest';
import { writeTimeline } from '../../src/handoff/write-timeline.ts';
import { timelineFor, WILD } from './example.ts';

/**
 * What Apple's DTD for FCPXML allows of the elements that are written: their children, in this order, and their attributes. Final Cut
 * takes no file that breaks it.
 */
const ALLOWED: Readonly<Record<string, readonly [children: RegExp, attributes: string]>> = {
  fcpxml: [/^(resources )?library $/, 'version'],
  resources: [/^((asset|format) )*$/, ''],
  format: [/^$/, 'id name frameDuration fieldOrder width height paspH paspV colorSpace'],
  asset: [
    /^(media-rep )+$/,
    'id name uid start duration hasVideo format hasAudio videoSources audioSources audioChannels audioRate',
  ],
  'media-rep': [/^$/, 'kind sig src suggestedFilename'],
  library: [/^(event )*$/, 'location colorProcessing'],
  event: [/^(project )*$/, 'name uid'],
  project: [/^sequence $/, 'name uid id modDate'],
  sequence: [/^spine $/, 'format duration tcStart tcFormat audioLayout audioRate renderFormat keywords'],
  spine: [/^(gap )*$/, 'lane offset name format'],
  gap: [/^(asset-clip )*((marker|chapter-marker) )*$/, 'name offset start duration enabled'],
  'asset-clip': [
    /^$/,
    'ref lane offset name start duration enabled srcEnable audioStart audioDuration format tcStart tcFormat modDate audioRole videoRole',
  ],
  marker: [/^$/, 'start duration value completed note'],
  'chapter-marker': [/^$/, 'start duration value note posterOffset'],
};
const TIME = /^(0s|[1-9][0-9]*\/[1-9][0-9]*s)$/;
const TIMES = new Set(['start', 'duration', 'offset', 'frameDuration', 'tcStart', 'posterOffset']);

interface Seen {
  readonly name: string;
  readonly attributes: readonly (readonly [name: string, value: string])[];
  readonly children: string[];
}

function elementsOf(text: string): Seen[] {
  const all: Seen[] = [];
  const open: Seen[] = [];
  for (const [, closing, name = '', said = '', empty] of text.matchAll(
    /<(\/?)([a-z-]+)((?: [\w-]+="[^"<]*")*)(\/?)>/g,
  )) {
    if (closing) {
      expect(open.pop()?.name).toBe(name);
      continue;
    }
    const attributes = [...said.matchAll(/([\w-]+)="([^"]*)"/g)].map(
      ([, key = '', value = '']) => [key, value] as const,
    );
    const seen = { name, attributes, children: [] };
    open.at(-1)?.children.push(name);
    all.push(seen);
    if (!empty) open.push(seen);
  }
  expect(open).toEqual([]);
  return all;
}

describe('FCPXML', () => {
  const elements = elementsOf(writeTimeline(timelineFor({ alice: { name: WILD } }), 'fcpxml'));

  test('has all elements that are asked about', () => {
    expect(new Set(elements.map(({ name }) => name))).toEqual(new Set(Object.keys(ALLOWED)));
  });

  test.each(Object.entries(ALLOWED))('%s has the children and attributes that it may', (name, allowed) => {
    const [children, attributes] = allowed;
    for (const each of elements.filter((element) => element.name === name)) {
      expect(each.children.map((child) => `${child} `).join('')).toMatch(children);
      for (const [key, value] of each.attributes) {
        expect(attributes.split(' ')).toContain(key);
        if (TIMES.has(key)) expect(value).toMatch(TIME);
      }
    }
  });

  test('what is referred to is there', () => {
    const valuesOf = (wanted: readonly string[]) =>
      elements.flatMap(({ attributes }) =>
        attributes.flatMap(([key, value]) => (wanted.includes(key) ? [value] : [])),
      );
    const ids = valuesOf(['id']);
    expect(new Set(ids).size).toBe(ids.length);
    expect(valuesOf(['ref', 'format']).filter((id) => !ids.includes(id))).toEqual([]);
  });
});
