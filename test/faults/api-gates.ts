/** Loaded before the API (`--import`): a gate before and after each of its writes that the matrix names. */
import { StatementSync } from 'node:sqlite';
import { passAtOnce } from './gates.ts';
import { requestSteps } from './matrix.ts';

/** The holder's name at the gates; there is one API process. */
const holder = 'api';

const folder = process.env['FAULT_GATES'];
if (folder === undefined) throw new Error('FAULT_GATES names the folder of the gates.');
for (const method of ['run', 'all'] as const) addGates(method, folder);

function addGates(method: 'run' | 'all', gates: string): void {
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with the statement below
  const original = StatementSync.prototype[method] as (...values: unknown[]) => unknown;
  Reflect.set(StatementSync.prototype, method, function (this: StatementSync, ...values: unknown[]): unknown {
    const step = stepOf(this.sourceSQL, values);
    if (step === undefined) return original.apply(this, values);
    passAtOnce(gates, holder, `before ${step}`);
    const result = original.apply(this, values);
    passAtOnce(gates, holder, `after ${step}`);
    return result;
  });
}

function stepOf(sql: string, values: readonly unknown[]): string | undefined {
  const isIn = (value: RegExp): boolean => values.some((given) => typeof given === 'string' && value.test(given));
  return requestSteps.find((step) => sql.startsWith(step.sql) && (!step.value || isIn(step.value)))?.step;
}
