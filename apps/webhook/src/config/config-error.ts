/** What is wrong with a setting: where it stands (a variable, or a line of the file), and what would be right. */
export interface ConfigProblem {
  readonly where: string;
  readonly what: string;
}

/** Everything that is wrong at once; no value is told, since it may be a secret. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[]) {
    super(problems.map(({ where, what }) => `${where}: ${what}`).join('\n'));
    this.problems = problems;
  }
}
