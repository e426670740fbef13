/** Where the host gets its packages from, in both notations that apt knows. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { mirrorOf } from '../../local-cloud/host-sources.ts';

const lines = `
# deb http://commented.example/debian bookworm main
deb [arch=amd64 signed-by=/usr/share/keyrings/x.gpg] http://mirror.example/debian/ bookworm main contrib
deb https://tools.example/apt bookworm stable
deb http://security.example/debian-security bookworm-security main
`;

const stanzas = `
Types: deb
# a comment
URIs: http://tools.example/repo
Suites: bookworm
Components: stable

Types: deb
URIs: http://mirror.example/debian/
Suites: bookworm bookworm-updates
Components: main

Types: deb
URIs: http://security.example/debian-security
Suites: bookworm-security
Components: main non-free
`;

describe('mirrors of the host', () => {
  for (const [notation, sources] of Object.entries({ lines, stanzas })) {
    it(`are read from ${notation}`, () => {
      assert.equal(mirrorOf(sources, 'bookworm'), 'http://mirror.example/debian');
      assert.equal(mirrorOf(sources, 'bookworm-security'), 'http://security.example/debian-security');
    });

    it(`are unknown where ${notation} name another release`, () => {
      assert.equal(mirrorOf(sources, 'trixie'), undefined);
    });
  }
});
