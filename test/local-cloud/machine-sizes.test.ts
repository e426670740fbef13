/** Sizes of local machines, as settings say and as engines allow. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { limitsFor, MachineSizes } from '../../local-cloud/machine-sizes.ts';

const gib = 1024 ** 3;
const sizes = MachineSizes.parse('small=1x2,large=8x16');

describe('sizes of local machines', () => {
  it('are read from one line', () => {
    assert.deepEqual(limitsFor('small', sizes, { cpus: 4, memoryBytes: 8 * gib }), { cpus: 1, memoryBytes: 2 * gib });
  });

  it('never exceed the engine', () => {
    const capacity = { cpus: 4, memoryBytes: 8 * gib };
    assert.deepEqual(limitsFor('large', sizes, capacity), capacity);
    assert.deepEqual(limitsFor('unknown', sizes, capacity), capacity);
  });

  it('are refused in any other form', () => {
    for (const text of ['', 'small', 'small=2', 'small=2x', 'small=-1x2', 'small=2x4;medium=4x8']) {
      assert.equal(MachineSizes.safeParse(text).success, false, text);
    }
  });
});
