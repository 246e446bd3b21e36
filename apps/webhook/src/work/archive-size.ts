/** The ledger's transaction waits for it, and Stream's events of the same call do too. */
const WITHIN_MS = 2000;

/** How large the file behind a link is, where the server says so at once: Stream's events do not tell. */
export async function archiveSize(url: string): Promise<number | undefined> {
  const ending = AbortSignal.timeout(WITHIN_MS);
  try {
    const response = await fetch(url, { headers: { range: 'bytes=0-0' }, signal: ending });
    await response.body?.cancel();
    const [, total] = /\/(\d+)$/.exec(response.headers.get('content-range') ?? '') ?? [];
    if (response.status === 206 && total !== undefined) return Number(total);
    const length = response.headers.get('content-length');
    return response.status === 200 && length !== null ? Number(length) : undefined;
  } catch {
    return undefined;
  }
}
