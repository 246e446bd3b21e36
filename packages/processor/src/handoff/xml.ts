import { xmlText } from '@rawreel/text';

/** An element as a literal: its attributes, then what is in it. */
export interface Element {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string | number>>;
  readonly content: readonly (Element | string | number)[];
}

export const element = (
  name: string,
  attributes: Element['attributes'],
  ...content: Element['content']
): Element => ({ name, attributes, content });

/** One that only has words or a number in it. */
export const leaf = (name: string, content: string | number): Element => element(name, {}, content);

/** An XML 1.0 document, indented; text and attributes may be anything. */
export const xmlDocument = (doctype: string, root: Element): string =>
  `<?xml version="1.0" encoding="UTF-8"?>\n${doctype}\n${written(root, '')}`;

function written({ name, attributes, content }: Element, indent: string): string {
  const head = Object.entries(attributes).map(([key, value]) => ` ${key}="${xmlText(`${value}`)}"`);
  const start = `${indent}<${name}${head.join('')}`;
  if (content.length === 0) return `${start}/>\n`;
  const elements = content.filter((each) => typeof each === 'object');
  if (elements.length === 0)
    return `${start}>${content.map((each) => xmlText(`${each}`)).join('')}</${name}>\n`;
  const inside = elements.map((each) => written(each, `${indent}  `)).join('');
  return `${start}>\n${inside}${indent}</${name}>\n`;
}
