/** The embedded server with ever more of the settings of `engine/temporal/server-options.ts`. */

export interface Variant {
  name: string;
  /** The server's arguments, made from those that an installation uses. */
  tune: (args: string[]) => string[];
}

export const variants: readonly Variant[] = [
  { name: 'its defaults, with a database file', tune: (args) => keep(args, () => false) },
  { name: '+ `journal_mode=WAL`, `synchronous=FULL`', tune: (args) => keep(args, isPragma) },
  {
    name: '+ `history.transferProcessorMaxPollRPS=1000`',
    tune: (args) => keep(args, (value) => isPragma(value) || isPollRate(value)),
  },
  { name: '**all of them: what an installation uses**', tune: (args) => args },
  {
    name: 'the same with `TEMPORAL_SYNCHRONOUS=NORMAL`',
    tune: (args) => args.map((arg) => (arg === 'synchronous=FULL' ? 'synchronous=NORMAL' : arg)),
  },
];

const tuningFlags = ['--sqlite-pragma', '--dynamic-config-value'];

/** Leaves those tuning flags out whose value is not wanted. */
function keep(args: string[], isWanted: (value: string) => boolean): string[] {
  return args.filter((arg, index) => {
    const value = tuningFlags.includes(arg) ? args[index + 1] : arg;
    const isTuning = tuningFlags.includes(arg) || tuningFlags.includes(args[index - 1] ?? '');
    return !isTuning || isWanted(value ?? '');
  });
}

function isPragma(value: string): boolean {
  return /^(journal_mode|synchronous)=/.test(value);
}

function isPollRate(value: string): boolean {
  return value.startsWith('history.transferProcessorMaxPollRPS=');
}
