import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { Problem } from '../../api/problems.ts';
import { checkRepositoryUrl, nameFromRepository } from '../../api/repository-url.ts';

const insecureHosts = ['git.local', 'git.test:8080', '[::1]:9000'];

const accepted = [
  'https://github.com/octocat/Hello-World.git',
  'https://github.com/octocat/Hello-World',
  'https://git.example:8443/group/sub%20group/repo.git',
  'https://192.0.2.7/repo',
  'https://xn--bcher-kva.example/repo',
  'http://git.local/repo.git',
  'http://git.test:8080/repo.git',
  'http://[::1]:9000/repo.git',
];

const rewritten: [given: string, canonical: string][] = [
  ['HTTPS://GitHub.com/Octocat/Hello-World', 'https://github.com/Octocat/Hello-World'],
  ['https://git.example:443/group/sub%20group/../repo.git', 'https://git.example/group/sub%20group/../repo.git'],
  ['http://GIT.local:81/repo.git', 'http://git.local:81/repo.git'],
  ['https://bücher.example/Bücher', 'https://xn--bcher-kva.example/Bücher'],
];

const refused: [url: string, why: RegExp][] = [
  ['', /https:\/\//],
  ['github.com/octocat/Hello-World', /https:\/\//],
  ['http://github.com/octocat/Hello-World.git', /not listed/],
  ['http://git.test/repo.git', /not listed/],
  ['http://git.test:8081/repo.git', /not listed/],
  ['http://evil-git.local/repo.git', /not listed/],
  ['https://user:secret@github.com/a/b', /credentials/],
  ['https://token@github.com/a/b', /credentials/],
  ['https://@github.com/a/b', /credentials/],
  ['https://:@github.com/a/b', /credentials/],
  ['ssh://git@github.com/a/b', /credentials/],
  ['ssh://github.com/a/b', /https:\/\//],
  ['git@github.com:a/b.git', /https:\/\//],
  ['git://github.com/a/b.git', /https:\/\//],
  ['file:///etc/passwd', /https:\/\//],
  ['/etc/passwd', /https:\/\//],
  ['ext::sh -c whoami', /white space/],
  ['ext::sh', /https:\/\//],
  ['fd::17', /https:\/\//],
  ['--upload-pack=touch${IFS}/tmp/x', /https:\/\//],
  ['-u', /https:\/\//],
  ['https::ext::sh', /https:\/\//],
  ['https:github.com/a/b', /https:\/\//],
  ['https:///github.com/a/b', /https:\/\//],
  ['https://github.com', /no repository/],
  ['https://github.com/', /no repository/],
  ['https://-oProxyCommand=x/a', /not a URL|dash/],
  ['https://--upload-pack/a', /dash/],
  ['https://github.com/a/b?x=1', /query/],
  ['https://github.com/a/b#main', /fragment/],
  ['https://github.com/a\\b', /backslashes/],
  ['https://github.com/a b', /white space/],
  ['https://github.com/a\nb', /control characters/],
  ['https://github.com/a\u0000b', /control characters/],
  ['https://github.com/a\u202eb', /control characters/],
  [' https://github.com/a/b', /white space/],
  ['https://[::1/a', /not a URL/],
  ['https://github.com:99999/a', /not a URL/],
  [`https://github.com/${'a'.repeat(500)}`, /500/],
];

describe('a repository URL', () => {
  for (const url of accepted) {
    it(`is taken: ${url}`, () => assert.equal(checkRepositoryUrl(url, insecureHosts), url));
  }

  for (const [url, canonical] of rewritten) {
    it(`is taken in the form that every program knows: ${url}`, () =>
      assert.equal(checkRepositoryUrl(url, insecureHosts), canonical));
  }

  for (const [url, why] of refused) {
    it(`is refused with the reason: ${JSON.stringify(url.slice(0, 60))}`, () => {
      assert.throws(
        () => checkRepositoryUrl(url, insecureHosts),
        (error) => error instanceof Problem && error.code === 'invalid_repo_url' && why.test(error.message),
      );
    });
  }

  it('never shows the credentials it refuses', () => {
    assert.throws(
      () => checkRepositoryUrl('https://user:hunter2@github.com/a/b', []),
      (error) => error instanceof Problem && !/hunter2/.test(JSON.stringify([error.message, error.details])),
    );
  });
});

describe('the name taken from a repository', () => {
  const names: [url: string, name: string][] = [
    ['https://github.com/octocat/Hello-World.git', 'Hello-World'],
    ['https://github.com/octocat/dots.and~tildes/', 'dots-and-tildes'],
    ['https://github.com/octocat/%E2%9C%93', '-E2-9C-93'],
    ['https://github.com/octocat/....git', 'workspace'],
    [`https://github.com/octocat/${'a'.repeat(90)}`, 'a'.repeat(50)],
  ];
  for (const [url, name] of names) {
    it(`is ${name} for ${url.slice(0, 60)}`, () => assert.equal(nameFromRepository(url), name));
  }
});
