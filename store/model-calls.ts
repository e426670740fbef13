import type { Database, Tables } from './database.ts';
import type { ModelCall, ModelCalls } from './gateway.ts';
import type { Transact } from './transactions.ts';

type Row = Tables['model_calls'];

/** Calls to models on SQL. Postgres answers its wide integers as text, hence the conversions. */
export function createModelCalls(database: Database, transact: Transact): ModelCalls {
  return {
    async record(call) {
      const { run_id, request_id, at, ...facts } = toRow(call);
      await transact(async (transaction) => {
        await transaction
          .insertInto('model_calls')
          .values({ run_id, request_id, at, ...facts })
          .onConflict((conflict) =>
            conflict.columns(['run_id', 'request_id']).doUpdateSet(facts).where('model_calls.is_final', '=', 0),
          )
          .execute();
      });
    },
    async totals(runId) {
      const sums = await database
        .selectFrom('model_calls')
        .select(({ fn }) => [
          fn.countAll().as('calls'),
          fn.count('cost_micros').as('priced'),
          fn.sum('input_tokens').as('input'),
          fn.sum('output_tokens').as('output'),
          fn.sum('cache_read_tokens').as('cacheRead'),
          fn.sum('cache_write_tokens').as('cacheWrite'),
          fn.sum('cost_micros').as('costMicros'),
        ])
        .where('run_id', '=', runId)
        .executeTakeFirstOrThrow();
      const { calls, priced, costMicros, ...tokens } = sums;
      return {
        calls: Number(calls),
        tokens: {
          input: Number(tokens.input),
          output: Number(tokens.output),
          cacheRead: Number(tokens.cacheRead),
          cacheWrite: Number(tokens.cacheWrite),
        },
        costMicros: Number(costMicros),
        unpricedCalls: Number(calls) - Number(priced),
      };
    },
    async list(runId) {
      const query = database.selectFrom('model_calls').selectAll().where('run_id', '=', runId);
      return (await query.orderBy('at').orderBy('request_id').execute()).map(toCall);
    },
    async removeOlderThan(before) {
      const made = database.selectFrom('model_calls').select('run_id').where('at', '>=', before.toISOString());
      const { numDeletedRows } = await database
        .deleteFrom('model_calls')
        .where('run_id', 'not in', made)
        .executeTakeFirst();
      return Number(numDeletedRows);
    },
  };
}

function toRow({ runId, requestId, api, model, tokens, costMicros, isFinal }: ModelCall): Row {
  return {
    ...{ run_id: runId, request_id: requestId, api, model },
    input_tokens: tokens.input,
    output_tokens: tokens.output,
    cache_read_tokens: tokens.cacheRead,
    cache_write_tokens: tokens.cacheWrite,
    cost_micros: costMicros,
    is_final: isFinal ? 1 : 0,
    at: new Date().toISOString(),
  };
}

function toCall(row: Row): ModelCall {
  return {
    ...{ runId: row.run_id, requestId: row.request_id, api: row.api, model: row.model },
    tokens: {
      input: Number(row.input_tokens),
      output: Number(row.output_tokens),
      cacheRead: Number(row.cache_read_tokens),
      cacheWrite: Number(row.cache_write_tokens),
    },
    costMicros: row.cost_micros === null ? null : Number(row.cost_micros),
    isFinal: row.is_final === 1,
  };
}
