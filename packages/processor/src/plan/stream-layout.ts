import { ProcessorError } from '../processor-error.ts';
import { COMPOSITE_PLACES } from './choices.ts';
import type { CompositeLayout, CompositeRequest } from './plan.ts';

/** Stream's layout settings as a composite's, and what of them a composite has no like for. */
export interface StreamLayout {
  readonly request: CompositeRequest;
  /** Names of options, as Stream has them. */
  readonly ignored: readonly string[];
}

type Options = Readonly<Record<string, unknown>>;

/** Stream's layouts (`settings.recording.layout.name`); `mobile` and `custom` have no like. */
const LAYOUTS: Readonly<Record<string, CompositeLayout>> = {
  grid: 'auto',
  spotlight: 'spotlight',
  'single-participant': 'single',
};

/** What each option becomes; undefined where its value has no like. */
const READERS: Readonly<Record<string, (value: unknown) => CompositeRequest | undefined>> = {
  'video.background_color': (value) => coloured('background', value),
  'layout.background_color': (value) => coloured('background', value),
  'participant.video_highlight_border_color': (value) => coloured('speakerBorder', value),
  'video.scale_mode': (value) =>
    value === 'fit' ? { fit: 'contain' } : value === 'fill' ? { fit: 'cover' } : undefined,
  'participant.label_display': (value) => (typeof value === 'boolean' ? { labels: value } : undefined),
  'title.text': (value) => (typeof value === 'string' && value !== '' ? { title: value } : undefined),
  'grid.columns': (value) => (isCount(value) ? { columns: value } : undefined),
  'layout.grid.page_size': (value) => (isCount(value) ? { places: value } : undefined),
  // Nothing is fetched for a picture: only a path can be shown.
  'logo.image_url': (value) =>
    typeof value === 'string' && value !== '' && !/^[a-z][a-z0-9+.-]+:/i.test(value)
      ? { logo: value }
      : undefined,
};

/**
 * Reads Stream's own layout settings: the object of `layout.options`, or `layout` with its `name` and `options`.
 *
 * @throws {ProcessorError} ERR_LAYOUT_UNREADABLE where it is neither
 */
export function readStreamLayout(layout: unknown): StreamLayout {
  if (!isOptions(layout))
    throw new ProcessorError('ERR_LAYOUT_UNREADABLE', 'the layout options are no object', {
      hint: 'Give layout of the recording settings as Stream has it, or the object of its options.',
    });
  const isWhole = isOptions(layout['options']) || typeof layout['name'] === 'string';
  const { name, options = {} } = isWhole ? layout : { options: layout, name: undefined };
  const ignored: string[] = [];
  let request: CompositeRequest = {};
  const own = typeof name === 'string' && Object.hasOwn(LAYOUTS, name) ? LAYOUTS[name] : undefined;
  if (own !== undefined) request = { layout: own };
  else if (name !== undefined) ignored.push('name');
  for (const [option, value] of Object.entries(options as Options)) {
    const read =
      option === 'screenshare_layout'
        ? sharing(value, own)
        : Object.hasOwn(READERS, option)
          ? READERS[option]?.(value)
          : undefined;
    if (read === undefined) ignored.push(option);
    else request = { ...request, ...read };
  }
  return { request, ignored };
}

/** A shared screen takes the stage but in a grid that is to stay one. */
function sharing(value: unknown, layout: CompositeLayout | undefined): CompositeRequest | undefined {
  if (value === 'spotlight') return layout === 'single' ? undefined : {};
  if (value === 'grid') return layout === 'auto' || layout === undefined ? { layout: 'grid' } : undefined;
  return value === 'single-participant' && layout === 'single' ? {} : undefined;
}

const isOptions = (value: unknown): value is Options =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isCount = (value: unknown): value is number =>
  Number.isInteger(value) &&
  (value as number) >= COMPOSITE_PLACES.least &&
  (value as number) <= COMPOSITE_PLACES.most;

const NAMED: Readonly<Record<string, string>> = { black: '#000000', white: '#ffffff' };

function coloured(what: 'background' | 'speakerBorder', value: unknown): CompositeRequest | undefined {
  if (typeof value !== 'string') return undefined;
  const colour = Object.hasOwn(NAMED, value) ? NAMED[value] : value;
  const short = /^#([0-9a-f])([0-9a-f])([0-9a-f])$/i.exec(colour ?? '');
  if (short !== null)
    return {
      [what]: `#${short
        .slice(1)
        .map((digit) => digit + digit)
        .join('')}`,
    };
  return /^#[0-9a-f]{6}$/i.test(colour ?? '') ? { [what]: colour } : undefined;
}
