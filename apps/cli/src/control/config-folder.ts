import envPaths from 'env-paths';

export const userConfigFolder = (): string => envPaths('rawreel', { suffix: '' }).config;
