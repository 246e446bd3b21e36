/**
 * The one list of characters that are never shown as they are. Controls (C0 and C1) move a terminal's cursor, line and
 * paragraph separators break a one-line message, format characters turn text around or make two names look alike, and so
 * does whatever Unicode says to draw as nothing (zero-width, fillers, variation selectors, tags). Lone surrogates cannot be
 * written as UTF-8. Inside an emoji a joiner and a variation selector can be seen: there they stay.
 */
export const UNPRINTABLE =
  /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}](?<!\p{Extended_Pictographic}\ufe0f)(?<!\p{Emoji}\ufe0f?\u200d(?=\p{Extended_Pictographic}))/gu;
