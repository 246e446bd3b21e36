import { AUTH, AUTH_TOPIC } from './commands/auth.ts';
import { CALL_SETTINGS, SETTINGS_TOPIC } from './commands/call-settings.ts';
import { GRANTS, GRANTS_TOPIC } from './commands/grants.ts';
import { JOBS, JOBS_TOPIC } from './commands/jobs.ts';
import { LOOK } from './commands/look.ts';
import { CACHE_TOPIC, MACHINE } from './commands/machine.ts';
import { MAKE } from './commands/make.ts';
import { OWN_STORAGE, STORAGE_TOPIC } from './commands/own-storage.ts';
import { RECORDING, RECORDING_TOPIC } from './commands/recording.ts';
import { WEBHOOK, WEBHOOK_TOPIC } from './commands/webhook.ts';
import type { CommandSpec, TopicSpec } from './spec.ts';

export const COMMANDS: readonly CommandSpec[] = [
  ...LOOK,
  ...MAKE,
  ...RECORDING,
  ...CALL_SETTINGS,
  ...OWN_STORAGE,
  ...GRANTS,
  ...JOBS,
  ...WEBHOOK,
  ...AUTH,
  ...MACHINE,
];

/** A page and a completion of its own for each first word of a two-word name. */
export const TOPICS: readonly TopicSpec[] = [
  RECORDING_TOPIC,
  SETTINGS_TOPIC,
  STORAGE_TOPIC,
  GRANTS_TOPIC,
  JOBS_TOPIC,
  WEBHOOK_TOPIC,
  AUTH_TOPIC,
  CACHE_TOPIC,
];

/** What can be typed first. */
export type Entry = CommandSpec | TopicSpec;

/** The commands of one word and the topics, in the order of the commands. */
export const ENTRIES: readonly Entry[] = [
  ...new Set(COMMANDS.map((command) => TOPICS.find(({ name }) => name === topicOf(command.name)) ?? command)),
];

/** The first word of two; undefined where the name has only one. */
export function topicOf(name: string): string | undefined {
  const blank = name.indexOf(' ');
  return blank < 0 ? undefined : name.slice(0, blank);
}

export function commandsOf(topic: string, commands: readonly CommandSpec[] = COMMANDS): CommandSpec[] {
  return commands.filter(({ name }) => topicOf(name) === topic);
}

/** The word that a command is told by, among all commands or those of its topic. */
export function lastWord(name: string): string {
  return name.slice(name.indexOf(' ') + 1);
}
