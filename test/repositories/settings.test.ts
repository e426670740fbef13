import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { readSettings } from '../../config/settings.ts';
import { gitHubSettings } from '../../config/settings/github.ts';
import { repositorySettings } from '../../config/settings/repositories.ts';
import { repositoryParts } from '../../workers/repository-parts.ts';

const place = { PAWL_HOME: '/home', GIT_INSECURE_HOSTS: ['git.test'] };
const schema = repositorySettings.extend(gitHubSettings.shape);
const partsFor = (environment: Record<string, string>) =>
  repositoryParts({ ...readSettings(schema, environment), ...place });

describe('the settings for repositories', () => {
  it('are strict where nothing is said', () => {
    assert.deepEqual(partsFor({}), {
      repositories: {
        workFolder: '/home/work',
        insecureHosts: ['git.test'],
        maxRepositoryBytes: 2_000_000_000,
        cloneDepth: 1000,
        gitMinutes: 15,
      },
      publishing: {
        identity: { name: 'Pawl', email: 'pawl@localhost' },
        gitHubHosts: new Map([['github.com', 'https://api.github.com']]),
        policy: { ciFiles: false, maxFiles: 5000, maxFileBytes: 20_000_000, maxTotalBytes: 100_000_000 },
      },
    });
  });

  it('can give agents the whole history', () => {
    assert.equal(partsFor({ CLONE_DEPTH: '0' }).repositories.cloneDepth, null);
  });

  it('can allow CI files and name another author', () => {
    const { publishing } = partsFor({ PUBLISH_CI_FILES: 'on', PUBLISH_IDENTITY: 'Mia von Ω <mia@example.com>' });
    assert.equal(publishing.policy.ciFiles, true);
    assert.deepEqual(publishing.identity, { name: 'Mia von Ω', email: 'mia@example.com' });
  });

  it('can name other hosts with the API of GitHub', () => {
    const enterprise = {
      GITHUB_HOSTS: 'github.com=https://api.github.com, git.example:8443=https://git.example:8443/api/v3',
    };
    const { gitHubHosts } = partsFor(enterprise).publishing;
    assert.equal(gitHubHosts.get('git.example:8443'), 'https://git.example:8443/api/v3');
    for (const wrong of [
      'github.com',
      'github.com=api.github.com',
      'https://github.com=https://api.github.com',
      'a=b=c',
    ]) {
      assert.throws(() => partsFor({ GITHUB_HOSTS: wrong }), /GITHUB_HOSTS/);
    }
  });

  it('refuse an author that git would not write as it is', () => {
    for (const name of [
      'Mia',
      '<mia@example.com>',
      'Mia <a b>',
      'Mia\n <a@b>',
      'Mia <a@b> x',
      'M<ia <a@b>',
      '  <a@b>',
    ]) {
      assert.throws(() => partsFor({ PUBLISH_IDENTITY: name }), /PUBLISH_IDENTITY: Name <address>/);
    }
  });
});
