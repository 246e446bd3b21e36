import { ProcessorError } from '../processor-error.ts';
import { NAME_FIELDS, NAME_PRESETS, type NameField } from './choices.ts';

/** What each field of a template stands for, as it is; made safe when it is filled in. */
export type NameValues = Readonly<Record<NameField, string>>;

const FIELD = /\{([^{}]*)\}/g;

/** What may not stand between fields: all that some system, or a shell, takes for more than itself. */
const UNSAFE = /[^\p{L}\p{N}._+=@,~-]/u;

/**
 * A template of file names, or the name of a preset, as a template that can be filled in.
 *
 * @throws {ProcessorError} ERR_NAME_TEMPLATE
 */
export function nameTemplate(given: string): string {
  const template = Object.hasOwn(NAME_PRESETS, given)
    ? NAME_PRESETS[given as keyof typeof NAME_PRESETS]
    : given;
  const fields = [...template.matchAll(FIELD)].map(([, field = '']) => field);
  const unknown = fields.find((field) => !NAME_FIELDS.some((known) => known === field));
  const refused = (why: string) =>
    new ProcessorError('ERR_NAME_TEMPLATE', `the name ${JSON.stringify(given)} ${why}`, {
      hint: `Fields are ${NAME_FIELDS.map((field) => `{${field}}`).join(' ')}; presets are ${Object.keys(NAME_PRESETS).join(', ')}. Example: {user}-{media}`,
    });
  if (unknown !== undefined) throw refused(`has a field {${unknown}}, which there is not`);
  // Sound and picture of one user would have one name, and the later run would take the place of the earlier one.
  if (!fields.includes('media'))
    throw refused(fields.length === 0 ? 'is no preset, and lacks {media}' : 'lacks {media}');
  const unsafe = UNSAFE.exec(template.replace(FIELD, ''))?.[0];
  if (unsafe !== undefined) throw refused(`has ${JSON.stringify(unsafe)}, which ${whyUnsafe(unsafe)}`);
  return template;
}

function whyUnsafe(character: string): string {
  if (character === '/' || character === '\\') return 'would begin a folder: --output names that';
  if (character === '{' || character === '}') return 'has no counterpart';
  return 'is not safe in a file name';
}

/** @param safe makes a value part of a file name */
export function filledTemplate(
  template: string,
  values: NameValues,
  safe: (value: string) => string,
): string {
  const name = template.replace(FIELD, (_, field: NameField) => safe(values[field]));
  // A name that begins so is hidden, or an option of the command that it is given to.
  return name.replace(/^[-.]/, '_$&');
}
