import type { Canvas as Drawing, Image } from '@napi-rs/canvas';
import type { CompositeLook } from '../../plan/plan.ts';
import type { Size } from '../../plan/scene-list.ts';
import type { Sticker } from '../canvas/canvas.ts';
import type { I420 } from '../canvas/i420.ts';
import { edgesOf, gapOf, headerHeight } from '../scenes/geometry.ts';
import type { Art } from './art.ts';
import { colourOf, isLight, TILE_COLOUR } from './colours.ts';
import type { Drawer } from './drawer.ts';
import { FONT, missingScripts } from './missing-letters.ts';
import { drawnName, graphemesOf, initialsOf } from './names.ts';
import { stickerOf } from './sticker-of.ts';

/** Of a tile's height. */
const LABEL_SHARE = 0.05;

/** Of the header's height. */
const TITLE_SHARE = 0.42;
const LOGO_SHARE = 0.7;

/** Of the picture's width. */
const WIDEST_LOGO = 0.2;

export class DrawnArt implements Art {
  readonly overlays: { readonly sticker: Sticker; readonly x: number; readonly y: number }[] = [];
  readonly #drawer: Drawer;
  readonly #look: CompositeLook;
  readonly #avatars: ReadonlyMap<string, Image>;
  readonly #labels = new Map<string, Sticker>();
  readonly #tiles = new Map<string, I420>();
  readonly #lacks: Set<string>;

  /** @param pictures of logo and avatars, by path; @param lacks what of them cannot be shown */
  constructor(
    drawer: Drawer,
    look: CompositeLook,
    pictures: ReadonlyMap<string, Image>,
    lacks: readonly string[],
  ) {
    this.#drawer = drawer;
    this.#look = look;
    this.#lacks = new Set(lacks);
    this.#avatars = new Map(
      Object.entries(look.names).flatMap(([userId, { avatar }]) => {
        const picture = avatar === undefined ? undefined : pictures.get(avatar);
        return picture === undefined ? [] : [[userId, picture] as const];
      }),
    );
    const logo = look.logo === undefined ? undefined : pictures.get(look.logo);
    if (logo !== undefined) this.#addLogo(logo);
    if (look.title !== undefined) this.#addTitle(drawnName(look.title, {}));
  }

  get lacks(): readonly string[] {
    return [...this.#lacks];
  }

  initials(userId: string, { width, height }: Size): I420 {
    const key = JSON.stringify([userId, width, height]);
    const known = this.#tiles.get(key);
    if (known !== undefined) return known;
    const drawn = this.#drawing(width, height);
    const context = drawn.getContext('2d');
    context.fillStyle = TILE_COLOUR;
    context.fillRect(0, 0, width, height);
    const radius = Math.min(width, height) * 0.27;
    const avatar = this.#avatars.get(userId);
    context.beginPath();
    context.arc(width / 2, height / 2, radius, 0, 2 * Math.PI);
    context.fillStyle = colourOf(userId);
    context.fill();
    if (avatar === undefined) {
      const letters = initialsOf(this.#nameOf(userId));
      context.font = `600 ${Math.round(radius * 0.85)}px ${FONT}`;
      context.textAlign = 'center';
      context.textBaseline = 'middle';
      context.fillStyle = '#ffffff';
      context.fillText(letters, width / 2, height / 2, radius * 1.7);
    } else {
      context.clip();
      const side = Math.min(avatar.width, avatar.height);
      const [left, top] = [(avatar.width - side) / 2, (avatar.height - side) / 2];
      const at = [width / 2 - radius, height / 2 - radius, 2 * radius, 2 * radius] as const;
      context.drawImage(avatar, left, top, side, side, ...at);
    }
    const picture = stickerOf(context.getImageData(0, 0, width, height));
    this.#tiles.set(key, picture);
    return picture;
  }

  label(userId: string, tile: Size): Sticker | undefined {
    if (!this.#look.labels) return undefined;
    const key = JSON.stringify([userId, tile.width, tile.height]);
    const known = this.#labels.get(key);
    if (known !== undefined) return known;
    const { size } = this.#look;
    const side = Math.min(size.width, size.height);
    const pixels = Math.round(Math.min(side / 36, Math.max(11, side / 55, tile.height * LABEL_SHARE)));
    if (pixels * 4 > tile.height) return undefined;
    const mostWidth = tile.width - 2 * edgesOf(tile, size).margin;
    const sticker = this.#plate(this.#nameOf(userId), pixels, mostWidth, LABEL);
    this.#labels.set(key, sticker);
    return sticker;
  }

  #nameOf(userId: string): string {
    return drawnName(userId, this.#look.names);
  }

  /** Letters on a dark ground, cut where they are wider than there is room. */
  #plate(text: string, pixels: number, mostWidth: number, { weight, ground, ink }: PlateColours): Sticker {
    const font = `${weight} ${pixels}px ${FONT}`;
    const padding = Math.round(pixels * 0.5);
    const measuring = this.#drawing(2, 2).getContext('2d');
    measuring.font = font;
    this.#noteMissing(text);
    const shown = cut(text, (part) => measuring.measureText(part).width, mostWidth - 2 * padding);
    const width = even(Math.min(mostWidth, measuring.measureText(shown).width + 2 * padding));
    const height = even(pixels * 1.65);
    const context = this.#drawing(width, height).getContext('2d');
    context.fillStyle = ground;
    context.roundRect(0, 0, width, height, height * 0.3);
    context.fill();
    context.font = font;
    context.textAlign = 'center';
    context.textBaseline = 'middle';
    context.fillStyle = ink;
    context.fillText(shown, width / 2, height / 2);
    return stickerOf(context.getImageData(0, 0, width, height));
  }

  #addTitle(title: string): void {
    const { size, background } = this.#look;
    const header = headerHeight(size);
    const beside = Math.max(gapOf(size), ...this.overlays.map(({ x }) => size.width - x + gapOf(size)));
    // Of scenes from elsewhere, a tile may lie beneath it.
    const colours = {
      weight: 600,
      ground: `${background}cc`,
      ink: isLight(background) ? '#16181d' : '#ffffff',
    };
    const sticker = this.#plate(title, Math.round(header * TITLE_SHARE), size.width - 2 * beside, colours);
    const y = even0((header + gapOf(size) / 2 - sticker.height) / 2);
    this.overlays.push({ sticker, x: even0((size.width - sticker.width) / 2), y });
  }

  /** At the right of the header. */
  #addLogo(logo: Image): void {
    const { size } = this.#look;
    const header = headerHeight(size);
    const scale = Math.min((header * LOGO_SHARE) / logo.height, (size.width * WIDEST_LOGO) / logo.width);
    const [width, height] = [even(logo.width * scale), even(logo.height * scale)];
    const context = this.#drawing(width, height).getContext('2d');
    context.drawImage(logo, 0, 0, width, height);
    const sticker = stickerOf(context.getImageData(0, 0, width, height));
    const [gap, y] = [gapOf(size), even0((header + gapOf(size) / 2 - height) / 2)];
    this.overlays.push({ sticker, x: size.width - width - gap, y });
  }

  #noteMissing(text: string): void {
    for (const script of missingScripts(this.#drawer, text))
      this.#lacks.add(
        `there is no font for ${script}: boxes stand for its letters. Install one, such as Noto`,
      );
  }

  #drawing(width: number, height: number): Drawing {
    return this.#drawer.createCanvas(width, height);
  }
}

interface PlateColours {
  readonly weight: number;
  readonly ground: string;
  readonly ink: string;
}

/** Legible on any picture. */
const LABEL: PlateColours = { weight: 500, ground: 'rgba(12, 14, 19, 0.68)', ink: '#ffffff' };

const even = (pixels: number): number => Math.max(2, Math.round(pixels / 2) * 2);

const even0 = (pixels: number): number => Math.max(0, Math.floor(pixels / 2) * 2);

function cut(text: string, widthOf: (part: string) => number, most: number): string {
  if (widthOf(text) <= most) return text;
  const letters = graphemesOf(text);
  while (letters.length > 1 && widthOf(`${letters.join('')}…`) > most) letters.pop();
  return `${letters.join('').trimEnd()}…`;
}
