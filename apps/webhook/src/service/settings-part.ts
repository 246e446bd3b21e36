import { setTimeout } from 'node:timers/promises';
import { createRecordingControl } from '@rawreel/recording-control';
import type { Config } from '../config/config.ts';
import { type Finding, lookAtCallTypes, type WantedSettings } from '../settings/wanted-settings.ts';
import type { StreamApp } from '../work/stream-app.ts';
import type { Log } from './log.ts';
import { messageOf } from './message-of.ts';
import type { Part, ServiceContext } from './part.ts';

const FIRST_AGAIN_MS = 30_000;
const LONGEST_AGAIN_MS = 30 * 60_000;

/** Looks once whether call types are set at Stream as they are to be, and sets them where that is wished. */
export function settingsPart({ config, log }: ServiceContext): Part {
  const wanted = wantedSettings(config);
  const stopping = new AbortController();
  const { signal } = stopping;
  const apps = Object.keys(wanted).length === 0 ? [] : config.apps;
  const looks = apps.map((app) => lookUntilAnswered(app, wanted, log, signal));
  return {
    async stop() {
      stopping.abort();
      await Promise.all(looks);
    },
  };
}

/** By the name of a call type, of those that it is configured for. */
export function wantedSettings({ callTypes }: Pick<Config, 'callTypes'>): Record<string, WantedSettings> {
  return Object.fromEntries(
    Object.entries(callTypes).flatMap(([name, { settings }]) =>
      settings === undefined ? [] : [[name, settings]],
    ),
  );
}

/** A Stream that does not answer is no reason to stop: it is asked again, later and later. */
async function lookUntilAnswered(
  { apiKey, secrets: [secret = ''], baseUrl }: StreamApp,
  wanted: Readonly<Record<string, WantedSettings>>,
  log: Log,
  signal: AbortSignal,
): Promise<void> {
  const { settings } = createRecordingControl({ apiKey, secret, baseUrl });
  for (let againMs = FIRST_AGAIN_MS; !signal.aborted; againMs = Math.min(LONGEST_AGAIN_MS, 2 * againMs)) {
    try {
      const findings = await lookAtCallTypes(settings, { wanted, mayChange: true, signal });
      for (const finding of findings) tell(finding, apiKey, log);
      return;
    } catch (error) {
      if (signal.aborted) return;
      const text = `the settings of call types could not be compared with Stream’s, which is tried again in ${againMs / 1000} s: ${messageOf(error)}`;
      log({ level: 'warn', text, fields: { app: apiKey } });
      await setTimeout(againMs, undefined, { signal }).catch(() => undefined);
    }
  }
}

function tell(finding: Finding, apiKey: string, log: Log): void {
  const fields = { app: apiKey, callType: finding.callType };
  switch (finding.state) {
    case 'as-wanted':
      return;
    case 'set':
      log({ level: 'info', text: `${finding.message} (app key ${apiKey})`, fields });
      return;
    case 'absent':
      log({ level: 'warn', text: `${finding.message} (app key ${apiKey})`, fields });
      return;
    case 'differs':
      log({
        level: 'warn',
        text: `${finding.message} (app key ${apiKey}). To set it: ${finding.command}`,
        fields,
      });
      return;
    default:
      finding satisfies never;
  }
}
