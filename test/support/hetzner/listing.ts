/** Lists as Hetzner gives them: filtered, in pages, and late. */
import type { FakeState, FakeThing } from './state.ts';

export type Query = Record<string, string>;

/** One page of what a list shows at this moment; what happened within the last requests it may not know yet. */
export function page<T>(state: FakeState, key: string, items: T[], query: Query): object {
  const perPage = Math.min(Number(query['per_page'] ?? 25), state.options.pageSize);
  const number = Number(query['page'] ?? 1);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const pagination = {
    page: number,
    per_page: perPage,
    previous_page: number > 1 ? number - 1 : null,
    next_page: number < last ? number + 1 : null,
    last_page: last,
    total_entries: items.length,
  };
  return { [key]: items.slice((number - 1) * perPage, number * perPage), meta: { pagination } };
}

/** What a list shows of these things under the query's filters. */
export function shown<T extends FakeThing>(state: FakeState, things: Map<number, T>, query: Query): T[] {
  const then = state.clock - state.options.lagTurns;
  return [...things.values()]
    .filter(({ bornAt, goneAt }) => bornAt <= then && (goneAt === undefined || goneAt > then))
    .filter(({ name }) => query['name'] === undefined || name === query['name'])
    .filter(({ labels }) => !state.options.filtersLabels || fits(labels, query['label_selector'] ?? ''));
}

function fits(labels: Record<string, string>, selector: string): boolean {
  return selector.split(',').every((term) => fitsTerm(labels, term.trim()));
}

function fitsTerm(labels: Record<string, string>, term: string): boolean {
  const [, key = '', operator, value] = /^(.+?)(==|!=|=)(.*)$/.exec(term) ?? [];
  if (term === '') return true;
  if (operator === undefined) return term.startsWith('!') ? !(term.slice(1) in labels) : term in labels;
  return (labels[key] === value) === (operator !== '!=');
}
