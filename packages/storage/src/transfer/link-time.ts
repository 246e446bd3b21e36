/**
 * When the time of a signed URL is over, in Unix milliseconds; undefined for a URL without such a time.
 *
 * AWS and Google (version 4): a date and seconds from it. AWS version 2, Google version 2, CloudFront: Unix seconds.
 * Azure: an RFC 3339 time.
 */
export function linkEndsAt(url: URL): number | undefined {
  const query = new Map([...url.searchParams].map(([name, value]) => [name.toLowerCase(), value]));
  for (const vendor of ['amz', 'goog']) {
    const from = compactTime(query.get(`x-${vendor}-date`));
    const seconds = Number(query.get(`x-${vendor}-expires`) ?? Number.NaN);
    if (from !== undefined && !Number.isNaN(seconds)) return from + seconds * 1000;
  }
  const seconds = query.get('expires');
  if (seconds !== undefined && /^\d{9,11}$/.test(seconds)) return Number(seconds) * 1000;
  if (!query.has('sig')) return undefined;
  const end = Date.parse(query.get('se') ?? '');
  return Number.isNaN(end) ? undefined : end;
}

/** `20261120T093000Z` */
function compactTime(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  if (second === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
