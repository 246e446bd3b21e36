import * as v from 'valibot';

export const text = v.pipe(v.string('expected text'), v.nonEmpty('expected text that is not empty'));

export const yesOrNo = v.boolean('expected true or false');

export const oneOf = <const Choices extends readonly string[]>(choices: Choices) =>
  v.picklist(choices, `expected one of ${choices.join(', ')}`);

/** `problem` says what is wrong with a text; undefined: nothing. */
export const checked = (problem: (value: string) => string | undefined) =>
  v.pipe(
    text,
    v.rawCheck(({ dataset, addIssue }) => {
      const message = dataset.typed ? problem(dataset.value) : undefined;
      if (message !== undefined) addIssue({ message });
    }),
  );

export const between = (least: number, most: number) => {
  const message = `expected a number from ${least} to ${most}`;
  return v.pipe(v.number(message), v.minValue(least, message), v.maxValue(most, message));
};

export const whole = (least: number, most: number) => {
  const message = `expected a whole number from ${least} to ${most}`;
  return v.pipe(
    v.number(message),
    v.check((number) => Number.isInteger(number) && number >= least && number <= most, message),
  );
};

/** An object of these settings and no others, each of which is told. */
export function settingsOf<Entries extends v.ObjectEntries>(entries: Entries, message?: string) {
  const others = v.never(`is no setting; there are ${Object.keys(entries).join(', ')}`);
  return v.objectWithRest(entries, others, message);
}
