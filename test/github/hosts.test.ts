import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { findGitHubRepository } from '../../github/hosts.ts';

const hosts = new Map([
  ['github.com', 'https://api.github.com'],
  ['git.example:8443', 'https://git.example:8443/api/v3'],
]);

describe('a repository at GitHub', () => {
  it('is known by its clone URL, in each of the forms that people use', () => {
    const hello = { apiUrl: 'https://api.github.com', owner: 'octocat', repo: 'Hello-World' };
    for (const end of ['.git', '', '/', '.git/']) {
      assert.deepEqual(findGitHubRepository(`https://github.com/octocat/Hello-World${end}`, hosts), hello);
    }
    const own = findGitHubRepository('https://git.example:8443/team/app.git', hosts);
    assert.deepEqual(own, { apiUrl: 'https://git.example:8443/api/v3', owner: 'team', repo: 'app' });
  });

  it('is none at other hosts, nor where the path is not an owner and a name', () => {
    for (const url of [
      'https://gitlab.com/octocat/Hello-World.git',
      'https://github.com.evil.example/octocat/Hello-World',
      'https://git.example/team/app.git',
      'https://github.com/octocat',
      'https://github.com/a/b/c',
    ]) {
      assert.equal(findGitHubRepository(url, hosts), undefined);
    }
  });
});
