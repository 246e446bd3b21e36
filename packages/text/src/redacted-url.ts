/**
 * Scheme, host and path of a URL, for people to see: without user, password, query and fragment, any of which may open what is behind it.
 * Undefined for what is no URL with a host.
 */
export function redactedUrl(text: string): string | undefined {
  const { protocol, host = '', pathname } = URL.parse(text) ?? {};
  return host === '' ? undefined : `${protocol}//${host}${pathname === '/' ? '' : pathname}`;
}
