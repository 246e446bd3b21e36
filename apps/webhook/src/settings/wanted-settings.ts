import type {
  CallTypeSettings,
  RawRecordingChange,
  RecordingControl,
  RecordingMode,
} from '@rawreel/recording-control';

/** How raw recording of a call type is to be set; what is left out may be as it is. */
export interface WantedSettings {
  readonly mode?: RecordingMode | undefined;
  readonly audioOnly?: boolean | undefined;
  /** Whether it is set where it differs; else that is told. */
  readonly enforce: boolean;
}

/** How a call type of an app is set, and how it is to be. */
export type Finding = {
  readonly callType: string;
  /** For a person, on one line. */
  readonly message: string;
} & (
  | { readonly state: 'as-wanted' }
  | { readonly state: 'absent' }
  /** `command` sets it. */
  | { readonly state: 'differs'; readonly command: string }
  | { readonly state: 'set' }
);

type Settings = Pick<RecordingControl['settings'], 'listCallTypes' | 'setForCallType'>;

export interface WantedOptions {
  /** By the name of a call type. */
  readonly wanted: Readonly<Record<string, WantedSettings>>;
  /** Whether what is to be enforced is set; else it is told as a difference. */
  readonly mayChange: boolean;
  readonly signal: AbortSignal;
}

/**
 * Compares the call types of an app with how they are to be set.
 *
 * @throws {RecordingControlError} where Stream cannot be asked, or does not take a change
 */
export async function lookAtCallTypes(
  settings: Settings,
  { wanted, mayChange, signal }: WantedOptions,
): Promise<readonly Finding[]> {
  const found = new Map(
    (await settings.listCallTypes({ signal })).map((callType) => [callType.name, callType]),
  );
  const findings: Finding[] = [];
  for (const [name, want] of Object.entries(wanted)) {
    const finding = findingOf(name, want, found.get(name));
    if (finding.state === 'differs' && want.enforce && mayChange) {
      await settings.setForCallType(name, changeOf(want), { signal });
      findings.push({
        callType: name,
        state: 'set',
        message: `call type ${name} is set now: ${shown(want)}`,
      });
    } else findings.push(finding);
  }
  return findings;
}

function findingOf(
  callType: string,
  want: WantedSettings,
  found: CallTypeSettings | undefined,
): Finding & { readonly state: 'as-wanted' | 'absent' | 'differs' } {
  if (found === undefined)
    return { callType, state: 'absent', message: `there is no call type ${callType} at Stream` };
  const { mode = found.settings.mode, audioOnly = found.settings.audioOnly } = want;
  if (mode === found.settings.mode && audioOnly === found.settings.audioOnly)
    return { callType, state: 'as-wanted', message: `call type ${callType} is set as it is to be` };
  const message = `call type ${callType} is set otherwise at Stream: ${shown(found.settings)}; it is to be ${shown(want)}`;
  return { callType, state: 'differs', message, command: commandFor(callType, want) };
}

/** At least one of the two is there: the configuration is held to it. */
const changeOf = ({ mode, audioOnly }: WantedSettings) => ({ mode, audioOnly }) as RawRecordingChange;

function shown({ mode, audioOnly }: Partial<WantedSettings>): string {
  const facts = [
    mode && `mode ${mode}`,
    audioOnly === undefined ? undefined : `audio only ${audioOnly ? 'on' : 'off'}`,
  ];
  return facts.filter((fact) => fact !== undefined).join(', ');
}

function commandFor(callType: string, { mode, audioOnly }: WantedSettings): string {
  const options = [
    mode && `--mode ${mode}`,
    audioOnly === undefined ? undefined : audioOnly ? '--audio-only' : '--no-audio-only',
  ];
  const given = options.filter((option) => option !== undefined).join(' ');
  return `rawreel settings set --call-type ${callType} ${given}`;
}
