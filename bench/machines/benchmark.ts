/** From a request to a terminal that answers, beside a bare container that boots the same user-data; and back to nothing. */
import { startControlPlaneStandIn } from '../../test/support/control-plane-stand-in.ts';
import { startGitServer } from '../../test/support/git-server.ts';
import { openInstallation } from '../../test/support/installation.ts';
import type { Benchmark } from '../benchmark.ts';
import { spread } from '../report/statistics.ts';
import { table } from '../report/table.ts';
import { timeMs } from '../support/time-ms.ts';
import { prepareBareMachine, type BareOrder } from './bare-machine.ts';
import { timePawlMachine } from './pawl-machine.ts';
import { untilUsable } from './terminal.ts';

const rounds = { whole: 3, quick: 1 };
const account = { username: 'dev', password: 'correct horse battery staple' };

export const machines: Benchmark = {
  name: 'machines',
  async run(effort, report) {
    await using cleanup = new AsyncDisposableStack();
    const git = await startGitServer();
    cleanup.defer(() => git.close());
    await git.addRepository('hello.git', { 'README.md': '# hello\n' });
    const standIn = await startControlPlaneStandIn();
    cleanup.defer(() => standIn.close());
    const installation = cleanup.use(await openInstallation(`host.docker.internal:${git.port}`));
    const repoUrl = `http://host.docker.internal:${git.port}/hello.git`;
    const reportUrl = `http://host.docker.internal:${standIn.port}/`;

    // Not counted: it warms the disk's cache for all that follow, and tells what a machine is given.
    const { flags } = await timePawlMachine(installation, repoUrl);
    const [pawl, bare, stop]: [number[], number[], number[]] = [[], [], []];
    const turns = [
      async () => {
        const { usableMs, stopMs } = await timePawlMachine(installation, repoUrl);
        pawl.push(usableMs / 1000);
        stop.push(stopMs / 1000);
      },
      async () => bare.push((await timeBareMachine({ repoUrl, reportUrl, account, flags })) / 1000),
    ];
    for (let round = 1; round <= rounds[effort]; round++) {
      for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
      report(`round ${round} of ${rounds[effort]}: ${pawl.at(-1)} s, stop ${stop.at(-1)} s; bare ${bare.at(-1)} s`);
    }
    const more = pawl.map((seconds, index) => seconds - (bare[index] ?? Number.NaN));
    return table(
      ['', 'seconds'],
      [
        ['`docker run` → terminal usable', spread(bare, 1)],
        ['`POST /vms` → terminal usable', spread(pawl, 1)],
        ['what Pawl adds', spread(more, 1)],
        ['`DELETE /vms/:id` → nothing left', spread(stop, 1)],
      ],
    );
  },
};

async function timeBareMachine(order: BareOrder): Promise<number> {
  const run = await prepareBareMachine(order);
  await using cleanup = new AsyncDisposableStack();
  return await timeMs(async () => {
    const { hostname, port } = cleanup.use(await run());
    await untilUsable(hostname, port, order.account);
  });
}
