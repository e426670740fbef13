import assert from 'node:assert/strict';
import { it } from 'node:test';
import { withStep } from '../../local-cloud/build-progress.ts';

it('an image build says in which step it is, whatever the step prints', () => {
  const lines: string[] = [];
  const onLine = withStep('machine', (line) => lines.push(line));

  for (const line of ['Step 2/9 : RUN npm install', '', 'added 300 packages', 'Step 3/9 : COPY . /']) onLine(line);

  assert.deepEqual(lines, [
    'building the machine image, step 2 of 9: RUN npm install',
    'building the machine image, step 2 of 9: added 300 packages',
    'building the machine image, step 3 of 9: COPY . /',
  ]);
});
