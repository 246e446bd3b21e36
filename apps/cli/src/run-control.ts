import {
  assignSettings,
  controlSettings,
  createStorageSettings,
  deleteSettings,
  downloadSettings,
  getSettings,
  grantsSettings,
  listSettings,
  setGrantsSettings,
  setSettings,
  startSettings,
  stopLiveSettings,
  storageSettings,
  sweepSettings,
  unassignSettings,
  waitSettings,
  watchSettings,
} from './declare/control-settings.ts';
import type { ParsedOptions } from './declare/parse.ts';
import type { CommandName } from './declare/spec.ts';
import { registerSettings, unregisterSettings, webhookTestSettings } from './declare/webhook-settings.ts';
import type { Surroundings } from './surroundings.ts';

export type ControlCommand = Extract<
  CommandName,
  `${'recording' | 'settings' | 'storage' | 'grants' | 'webhook' | 'auth'} ${string}`
>;

/** What has to do with Stream. As everywhere, a command's code is loaded when it is the one to run. */
export async function runControl(
  name: ControlCommand,
  { options, argument = '' }: { readonly options: ParsedOptions; readonly argument?: string },
  around: Surroundings,
  madeBy: string,
): Promise<number> {
  switch (name) {
    case 'recording start': {
      const settings = startSettings(argument, options);
      return (await import('./commands/recording/state.ts')).startRecording(settings, around);
    }
    case 'recording stop': {
      const settings = { ...controlSettings(options), call: argument };
      return (await import('./commands/recording/state.ts')).stopRecording(settings, around);
    }
    case 'recording status': {
      const settings = { ...controlSettings(options), call: argument };
      return (await import('./commands/recording/state.ts')).recordingStatus(settings, around);
    }
    case 'recording list': {
      const settings = listSettings(argument, options);
      return (await import('./commands/recording/list.ts')).listRecordings(settings, around);
    }
    case 'recording wait': {
      const settings = waitSettings(argument, options);
      return (await import('./commands/recording/list.ts')).waitForRecording(settings, around);
    }
    case 'recording download': {
      const settings = downloadSettings(argument, options);
      return (await import('./commands/recording/download.ts')).downloadRecordings(settings, around, madeBy);
    }
    case 'recording delete': {
      const settings = deleteSettings(argument, options);
      return (await import('./commands/recording/delete.ts')).deleteRecordings(settings, around);
    }
    case 'recording watch': {
      const settings = watchSettings(argument, options);
      return (await import('./commands/recording/watch.ts')).watchRecording(settings, around, madeBy);
    }
    case 'recording sweep': {
      const settings = sweepSettings(options);
      return (await import('./commands/recording/sweep/sweep.ts')).sweepRecordings(settings, around, madeBy);
    }
    case 'recording go-live': {
      const settings = startSettings(argument, options);
      return (await import('./commands/recording/state.ts')).goLive(settings, around);
    }
    case 'recording stop-live': {
      const settings = stopLiveSettings(argument, options);
      return (await import('./commands/recording/state.ts')).stopLive(settings, around);
    }
    case 'settings get': {
      const settings = getSettings(options);
      return (await import('./commands/settings.ts')).getSettings(settings, around);
    }
    case 'settings set': {
      const settings = setSettings(options);
      return (await import('./commands/settings.ts')).setSettings(settings, around);
    }
    case 'storage list': {
      const settings = controlSettings(options);
      return (await import('./commands/own-storage.ts')).listStorages(settings, around);
    }
    case 'storage create': {
      const settings = createStorageSettings(argument, options);
      return (await import('./commands/own-storage.ts')).createStorage(settings, around);
    }
    case 'storage update': {
      const settings = createStorageSettings(argument, options);
      return (await import('./commands/own-storage.ts')).updateStorage(settings, around);
    }
    case 'storage delete': {
      const settings = storageSettings(argument, options);
      return (await import('./commands/own-storage.ts')).deleteStorage(settings, around);
    }
    case 'storage unassign': {
      const settings = unassignSettings(options);
      return (await import('./commands/own-storage.ts')).unassignStorage(settings, around);
    }
    case 'storage check': {
      const settings = storageSettings(argument, options);
      return (await import('./commands/own-storage.ts')).checkStorage(settings, around);
    }
    case 'storage assign': {
      const settings = assignSettings(argument, options);
      return (await import('./commands/own-storage.ts')).assignStorage(settings, around);
    }
    case 'grants get': {
      const settings = grantsSettings(options);
      return (await import('./commands/grants.ts')).getGrants(settings, around);
    }
    case 'grants set': {
      const settings = setGrantsSettings(options);
      return (await import('./commands/grants.ts')).setGrants(settings, around);
    }
    case 'webhook register': {
      const settings = registerSettings(options);
      return (await import('./commands/webhook/hooks.ts')).registerHook(settings, around);
    }
    case 'webhook show': {
      const settings = controlSettings(options);
      return (await import('./commands/webhook/hooks.ts')).showHooks(settings, around);
    }
    case 'webhook unregister': {
      const settings = unregisterSettings(options);
      return (await import('./commands/webhook/hooks.ts')).unregisterHook(settings, around);
    }
    case 'webhook test': {
      const settings = webhookTestSettings(options);
      return (await import('./commands/webhook/test.ts')).testWebhook(settings, around);
    }
    case 'auth login': {
      const settings = controlSettings(options);
      return (await import('./commands/auth.ts')).login(settings, around);
    }
    case 'auth status': {
      const settings = controlSettings(options);
      return (await import('./commands/auth.ts')).loginStatus(settings, around);
    }
    case 'auth logout': {
      const settings = controlSettings(options);
      return (await import('./commands/auth.ts')).logout(settings, around);
    }
    default:
      return name satisfies never;
  }
}
