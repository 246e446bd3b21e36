import envPaths from 'env-paths';

/** Where the system wants a program's cache; nothing in it is missed when it goes. */
export const userCacheFolder = (): string => envPaths('rawreel', { suffix: '' }).cache;
