/** What a schedule is: what people wish, and what goes wrong when. Plain data, so that a counterexample can be read. */
import fc from 'fast-check';

/** What may happen to one request, before or after it was carried out; then to whoever made it. */
export const mishaps = [
  'rate limited',
  'server error',
  'unavailable',
  'cut before',
  'cut after',
  'a page of HTML before',
  'a page of HTML after',
  'half an answer after',
  'no success',
  'stale lists',
  'killed before',
  'killed after',
] as const;
export type Mishap = (typeof mishaps)[number];

/** What goes wrong with the calls of one actor, counted from 1 through all its attempts; its returns count as calls. */
export type Mishaps = { call: number; what: Mishap }[];

export type Ending =
  | { by: 'stop'; afterMinutes: number }
  /** In the middle of that call of the workspace's activities. */
  | { by: 'stop'; atCall: number }
  | { by: 'idleness' | 'lifetime' | 'loss' | 'silence' | 'failed boot' | 'missing boot' };

export interface WorkspacePlan {
  startMinute: number;
  ending: Ending;
  mishaps: Mishaps;
}

export interface Outage {
  api: 'hetzner' | 'cloudflare';
  fromMinute: number;
  minutes: number;
}

export interface Schedule {
  workspaces: WorkspacePlan[];
  sweepMishaps: Mishaps;
  outages: Outage[];
  hetzner: {
    /** For so many requests, lists do not show what happened. */
    lagTurns: number;
    /** So many requests an action takes. */
    actionTurns: number;
    /** So many creations of servers fail after they were accepted. */
    failedCreations: number;
    soldOut: string[];
    /** Then there is room again. */
    soldOutMinutes: number;
    /** Servers and firewalls that the project has room for beside those of others. */
    serverLimit: number;
    firewallLimit: number;
  };
}

const ending: fc.Arbitrary<Ending> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ by: fc.constant('stop' as const), afterMinutes: fc.nat(20) }) },
  { weight: 3, arbitrary: fc.record({ by: fc.constant('stop' as const), atCall: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 4,
    arbitrary: fc
      .constantFrom('idleness' as const, 'lifetime', 'loss', 'silence', 'failed boot', 'missing boot')
      .map((by) => ({ by })),
  },
);

function mishapsUpTo(calls: number, maxLength: number): fc.Arbitrary<Mishaps> {
  const mishap = fc.record({ call: fc.integer({ min: 1, max: calls }), what: fc.constantFrom(...mishaps) });
  return fc.uniqueArray(mishap, { selector: ({ call }) => call, maxLength, size: 'max' });
}

/** Most projects have room. */
function limit(whenShort: number): fc.Arbitrary<number> {
  return fc.oneof({ weight: 9, arbitrary: fc.constant(1000) }, { weight: 1, arbitrary: fc.constant(whenShort) });
}

export const schedules: fc.Arbitrary<Schedule> = fc.record({
  workspaces: fc.array(fc.record({ startMinute: fc.nat(10), ending, mishaps: mishapsUpTo(70, 8) }), {
    minLength: 1,
    maxLength: 3,
    size: 'max',
  }),
  sweepMishaps: mishapsUpTo(60, 4),
  outages: fc.array(
    fc.record({
      api: fc.constantFrom('hetzner' as const, 'cloudflare' as const),
      fromMinute: fc.nat(30),
      minutes: fc.integer({ min: 1, max: 30 }),
    }),
    { maxLength: 2 },
  ),
  hetzner: fc.record({
    lagTurns: fc.nat(20),
    actionTurns: fc.nat(5),
    failedCreations: fc.nat(2),
    soldOut: fc.subarray(['cx33@fsn1', 'cx33@nbg1', 'cx33@hel1']),
    soldOutMinutes: fc.nat(15),
    serverLimit: limit(1),
    firewallLimit: limit(1),
  }),
});
