import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { bears, hostnameIn, hostnameLabels, workspaceLabels } from '../../hetzner-cloud/labels.ts';
import { nameOf } from '../../hetzner-cloud/names.ts';

const installations = fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,38}[a-z0-9])?$/);
const workspaceIds = fc.oneof(fc.stringMatching(/^ws-[a-z0-9]{6}$/), fc.string({ minLength: 1, maxLength: 90 }));
const hostnames = fc.array(fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/), { minLength: 1, maxLength: 6 });

describe('names and labels at Hetzner', () => {
  it('names a server for its installation and workspace', () => {
    assert.equal(nameOf('pawl-3f9a1c2b', 'ws-k3x9a1'), 'pawl-pawl-3f9a1c2b-ws-k3x9a1');
  });

  it('makes only names that are host names', () => {
    fc.assert(
      fc.property(installations, workspaceIds, (installation, workspaceId) => {
        assert.match(nameOf(installation, workspaceId), /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/);
      }),
    );
  });

  it('gives no two workspaces one name, whatever the installations are called', () => {
    const pairs = fc.tuple(installations, workspaceIds);
    fc.assert(
      fc.property(pairs, pairs, (one, other) => {
        assert.equal(nameOf(...one) === nameOf(...other), one[0] === other[0] && one[1] === other[1]);
      }),
    );
    assert.notEqual(nameOf('a-ws-aaaaaa', 'ws-bbbbbb'), nameOf('a', 'ws-aaaaaa-ws-bbbbbb'));
  });

  it('writes any hostname into labels that Hetzner takes, and reads it back', () => {
    fc.assert(
      fc.property(hostnames, (parts) => {
        const labels = hostnameLabels(parts.join('.'));
        for (const value of Object.values(labels)) assert.match(value, /^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/);
        assert.equal(hostnameIn({ ...labels, 'io.pawl.workspace': 'ws-aaaaaa' }), parts.join('.'));
      }),
    );
  });

  it('takes only what bears exactly its labels for its own', () => {
    const isOurs = bears(workspaceLabels('pawl-1', 'ws-aaaaaa'));
    const labels = { 'io.pawl.installation': 'pawl-1', 'io.pawl.workspace': 'ws-aaaaaa', more: '' };
    assert.ok(isOurs({ labels }));
    assert.ok(!isOurs({ labels: { ...labels, 'io.pawl.installation': 'pawl-12' } }));
    assert.ok(!isOurs({ labels: { 'io.pawl.installation': 'pawl-1' } }));
  });
});
