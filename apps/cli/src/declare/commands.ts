import { LOOK } from './commands/look.ts';
import { CACHE_TOPIC, MACHINE } from './commands/machine.ts';
import { MAKE } from './commands/make.ts';
import type { CommandSpec, TopicSpec } from './spec.ts';

export const COMMANDS: readonly CommandSpec[] = [...LOOK, ...MAKE, ...MACHINE];

/** A page and a completion of its own for each first word of a two-word name. */
export const TOPICS: readonly TopicSpec[] = [CACHE_TOPIC];

/** What can be typed first. */
export type Entry = CommandSpec | TopicSpec;

/** The commands of one word and the topics, those of a group beside each other. */
export const ENTRIES: readonly Entry[] = [
  ...COMMANDS.filter(({ name }) => topicOf(name) === undefined),
  ...TOPICS,
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
