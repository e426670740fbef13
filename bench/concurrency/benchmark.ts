/** Runs at once, with an agent that does next to nothing, beside as many bare containers with the same program. */
import { startGitServer } from '../../test/support/git-server.ts';
import type { Benchmark } from '../benchmark.ts';
import { median } from '../report/statistics.ts';
import { openRunInstallation } from '../support/run-installation.ts';
import { startCounting } from './cost.ts';
import { bareCrowd, pawlCrowd } from './crowd.ts';
import { costTable, speedTable, type Figures } from './tables.ts';

const amounts = {
  whole: { rounds: 2, sizes: [1, 4, 16, 50] },
  quick: { rounds: 1, sizes: [1, 4] },
};

export const concurrency: Benchmark = {
  name: 'concurrency',
  async run(effort, report) {
    const { rounds, sizes } = amounts[effort];
    await using cleanup = new AsyncDisposableStack();
    const git = await startGitServer();
    cleanup.defer(() => git.close());
    const places = { RUNNER_PLACES: String(Math.max(...sizes)) };
    const { installation, containers } = cleanup.use(await openRunInstallation(`127.0.0.1:${git.port}`, places));
    // Not counted: they warm the disk's cache for all that follow.
    await bareCrowd(containers, 2);
    await pawlCrowd(installation, 2);

    const results = sizes.map((size): Figures => ({ size, bare: [], pawl: [], costs: [] }));
    for (let round = 1; round <= rounds; round++) {
      for (const { size, bare, pawl, costs } of results) {
        const turns = [
          async () => void bare.push(await bareCrowd(containers, size)),
          async () => {
            const countedCost = startCounting(installation);
            pawl.push(await pawlCrowd(installation, size));
            costs.push(countedCost());
          },
        ];
        for (const turn of round % 2 === 0 ? turns : turns.toReversed()) await turn();
        const [bareSeconds, seconds] = [bare, pawl].map((crowds) => median(crowds.at(-1)?.eachSeconds ?? []));
        report(`round ${round} of ${rounds}: ${size} at once: ${bareSeconds} s bare, ${seconds} s Pawl`);
      }
    }
    const runs = rounds * sizes.reduce((sum, size) => sum + size, 0);
    return `${speedTable(results)}

${costTable(results)}

${rounds} rounds; all ${runs} runs completed.`;
  },
};
