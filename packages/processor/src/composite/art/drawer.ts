/** What draws: shapes letters of any script, and decodes pictures. */
export type Drawer = typeof import('@napi-rs/canvas');

/** The optional package, where it is installed. */
export const openDrawer = (): Promise<Drawer | undefined> => import('@napi-rs/canvas').catch(() => undefined);
