import assert from 'node:assert/strict';
import { describe, it, type TestContext } from 'node:test';
import { showing } from '../../cli/progress.ts';

describe('the progress of a step', () => {
  it('counts the seconds on a terminal, so that a long build does not look dead', async (test) => {
    const { lines, report, passSeconds, finish } = startStep(test, true);

    report('building');
    passSeconds(2);
    report('linking');
    passSeconds(60);
    await finish();

    assert.deepEqual(lines.slice(0, 4), ['building (0 s)', 'building (1 s)', 'building (2 s)', 'linking (2 s)']);
    assert.equal(lines.at(-1), 'linking (1 min 2 s)');
  });

  it('leaves a line now and then in a log, and none for a step of a moment', async (test) => {
    const { lines, report, passSeconds, finish } = startStep(test, false);

    report('building');
    passSeconds(1);
    assert.deepEqual(lines, []);
    passSeconds(44);
    await finish();

    assert.deepEqual(lines, ['building (3 s)', 'building (18 s)', 'building (33 s)']);
  });
});

function startStep({ mock }: TestContext, isTerminal: boolean) {
  mock.timers.enable({ apis: ['setInterval', 'Date'] });
  const lines: string[] = [];
  const step = Promise.withResolvers<void>();
  let report: (message: string) => void = () => assert.fail('the step has not begun');
  const shown = showing(
    (line) => lines.push(line),
    isTerminal,
    (given) => {
      report = given;
      return step.promise;
    },
  );
  return {
    lines,
    report: (message: string) => report(message),
    passSeconds: (seconds: number) => {
      for (let second = 0; second < seconds; second++) mock.timers.tick(1_000);
    },
    finish: () => {
      step.resolve();
      return shown;
    },
  };
}
