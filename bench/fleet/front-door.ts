/** Workspaces made at full cost: asked for over HTTP, booted report by report, usable. */
import { send, type Answer } from '../../test/support/api.ts';
import { until } from '../../engine/until.ts';
import { bootSteps } from '../../workflows/contract/workspace.schema.ts';
import { workspaceSecretNames } from '../../workflows/contract/secrets.ts';
import { timeMs } from '../support/time-ms.ts';
import type { Installation } from './installation.ts';
import type { LoadMachine } from './machine.ts';

const atOnce = 20;

/** Makes so many; resolves with them, and with how many a second became usable. */
export async function createThroughFrontDoor(
  installation: Installation,
  count: number,
): Promise<{ machines: LoadMachine[]; perSecond: number }> {
  const machines: LoadMachine[] = [];
  let left = count;
  const lane = async (): Promise<void> => {
    while (left-- > 0) machines.push(await createOne(installation));
  };
  const ms = await timeMs(() => Promise.all(Array.from({ length: atOnce }, lane)));
  return { machines, perSecond: (count / ms) * 1000 };
}

async function createOne({ url, machineUrl, store }: Installation): Promise<LoadMachine> {
  const body = { repoUrl: 'https://git.example/hello-world.git' };
  const id = String(accepted(await send(`${url}/vms`, 'POST', { body })).body['id']);
  const token = await store.secrets.read(workspaceSecretNames(id).machineToken);
  if (token === undefined) throw new Error(`${id} has no token`);

  for (const [index, { step, status }] of bootReports.entries()) {
    const report = { token, body: { seq: index + 1, step, status } };
    accepted(await send(`${machineUrl}/vms/${id}/boot`, 'POST', report));
  }
  const runs = async (): Promise<boolean> => (await send(`${url}/vms/${id}`, 'GET')).body['status'] === 'running';
  await until(`${id} runs`, runs, { pollMs: 500 });
  return { id, token };
}

/** As a real machine reports: each step as it begins, and as it is done. */
const bootReports = bootSteps.flatMap((step) => (['started', 'done'] as const).map((status) => ({ step, status })));

function accepted(answer: Answer): Answer {
  if (answer.status >= 400) throw new Error(`refused: ${answer.text}`);
  return answer;
}
