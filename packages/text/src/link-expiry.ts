/**
 * When a signed URL stops working, by its own query; undefined where it does not say.
 *
 * AWS and Google of version 4 tell a date and seconds from it; AWS and Google of version 2 (`GoogleAccessId`) and CloudFront a Unix
 * time in seconds; Azure an RFC 3339 time beside its signature.
 */
export function linkExpiry(link: string): Date | undefined {
  const query = queryOf(link);
  for (const vendor of ['amz', 'goog']) {
    const from = compactTime(query.get(`x-${vendor}-date`));
    const seconds = query.get(`x-${vendor}-expires`) ?? '';
    if (from !== undefined && /^\d{1,9}$/.test(seconds)) return new Date(from + Number(seconds) * 1000);
  }
  const unixTime = query.get('expires') ?? '';
  if (/^\d{9,11}$/.test(unixTime)) return new Date(Number(unixTime) * 1000);
  const end = query.has('sig') ? Date.parse(query.get('se') ?? '') : Number.NaN;
  return Number.isNaN(end) ? undefined : new Date(end);
}

/** By lower-case name: vendors' clients do not agree on the case. */
function queryOf(link: string): Map<string, string> {
  const { searchParams } = URL.parse(link) ?? { searchParams: [] };
  return new Map([...searchParams].map(([name, value]) => [name.toLowerCase(), value] as const));
}

/** `20261120T093000Z` */
function compactTime(text: string | undefined): number | undefined {
  const [, year, month, day, hour, minute, second] =
    /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/.exec(text ?? '') ?? [];
  if (second === undefined) return undefined;
  return Date.UTC(Number(year), Number(month) - 1, Number(day), Number(hour), Number(minute), Number(second));
}
