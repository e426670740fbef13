/** What happens to a few sessions, and when: plain data, so that a counterexample can be read. */
import fc from 'fast-check';

export type AgentPlan = 'completes' | 'fails' | 'works until it is ended';

export type Wish =
  /** A new prompt; `times` as a caller sends it whose first request seems lost. */
  | { do: 'prompt'; times: 1 | 2; agent: AgentPlan }
  /** An earlier prompt once more. */
  | { do: 'repeat'; which: number }
  | { do: 'cancel'; which: number }
  | { do: 'interrupt' }
  | { do: 'end' };

export interface SessionPlan {
  maxHistoryEvents: number;
  /** The wishes of one moment come all at once. */
  moments: Wish[][];
}

export interface Plan {
  sessions: SessionPlan[];
  /** Steps, counted from 1 over all sessions, that fail once: before they have their effect, or when they have had it. */
  mishaps: { step: number; when: 'before' | 'after' }[];
  /** The worker is killed so long after this step has begun. */
  kills: { step: number; afterMs: number }[];
}

const agent = fc.constantFrom<AgentPlan[]>('completes', 'fails', 'works until it is ended');
const prompt = fc.record({ do: fc.constant('prompt' as const), times: fc.constantFrom(1 as const, 2 as const), agent });
const which = fc.nat(20);

const wish: fc.Arbitrary<Wish> = fc.oneof(
  { weight: 4, arbitrary: prompt },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('repeat' as const), which }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cancel' as const), which }) },
  { weight: 1, arbitrary: fc.constant({ do: 'interrupt' as const }) },
  { weight: 2, arbitrary: fc.constant({ do: 'end' as const }) },
);

const session: fc.Arbitrary<SessionPlan> = fc.record({
  maxHistoryEvents: fc.constantFrom(20, 60, 4000),
  moments: fc
    .tuple(
      fc.array(prompt, { minLength: 1, maxLength: 3, size: 'max' }),
      fc.array(fc.array(wish, { minLength: 1, maxLength: 3, size: 'max' }), { maxLength: 3, size: 'max' }),
    )
    .map(([first, others]) => [first, ...others]),
});

const step = fc.integer({ min: 1, max: 40 });
const mishap = fc.record({ step, when: fc.constantFrom('before' as const, 'after' as const) });
const kill = fc.record({ step, afterMs: fc.nat(50) });

export const plans: fc.Arbitrary<Plan> = fc.record({
  sessions: fc.array(session, { minLength: 2, maxLength: 3, size: 'max' }),
  mishaps: fc.uniqueArray(mishap, { selector: (one) => one.step, maxLength: 5, size: 'max' }),
  kills: fc.uniqueArray(kill, { selector: (one) => one.step, minLength: 1, maxLength: 2, size: 'max' }),
});
