/**
 * Text order by code units, runs of digits by their number: `audio_2` before `audio_10`. The same on any machine.
 *
 * Texts are walked together and never taken apart: sorting asks many times, and the texts are foreign.
 */
export function compareNaturally(a: string, b: string): number {
  let at = 0;
  let bt = 0;
  while (at < a.length && bt < b.length) {
    const [aDigits, bDigits] = [digitsFrom(a, at), digitsFrom(b, bt)];
    if (aDigits > at && bDigits > bt) {
      const order = compareDigits(a.slice(at, aDigits), b.slice(bt, bDigits));
      if (order !== 0) return order;
      [at, bt] = [aDigits, bDigits];
      continue;
    }
    if (aDigits > at !== bDigits > bt) {
      // One run of other characters ends here, and the shorter run comes first.
      if (at > 0 && digitsFrom(a, at - 1) < at) return aDigits > at ? -1 : 1;
      return compareText(a.charAt(at), b.charAt(bt));
    }
    if (a[at] !== b[bt]) return compareText(a.charAt(at), b.charAt(bt));
    at += 1;
    bt += 1;
  }
  return a.length - at - (b.length - bt) || compareText(a, b);
}

/** Where the digits end that begin at a position; the position itself where none do. */
function digitsFrom(text: string, from: number): number {
  let at = from;
  while (at < text.length && isDigit(text.charCodeAt(at))) at += 1;
  return at;
}

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

function compareDigits(a: string, b: string): number {
  const left = a.replace(/^0+(?=\d)/, '');
  const right = b.replace(/^0+(?=\d)/, '');
  return left.length - right.length || compareText(left, right);
}

export function compareText(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
