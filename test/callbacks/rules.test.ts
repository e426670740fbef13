/** Where callbacks may go: what is refused, and what is a plain mistake. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { CallbackNotAllowed, checkAddresses, checkCallbackUrl } from '../../callbacks/rules.ts';

const strict = { insecureHosts: [], privateHosts: [] };

describe('the URL of a callback', () => {
  for (const url of ['https://example.com/hooks?a=b', 'https://example.com:8443/', 'https://[2606:4700::1111]/']) {
    it(`may be ${url}`, () => {
      assert.equal(checkCallbackUrl(url, strict).href, url);
    });
  }

  const refused = [
    ...[
      'http://example.com/',
      'ftp://example.com/',
      'file:///etc/passwd',
      'gopher://example.com/',
      'javascript:alert(1)',
    ],
    ...[
      'https://user:password@example.com/',
      'https://user@example.com/',
      'https://',
      'example.com',
      '',
      '//example.com',
    ],
    `https://example.com/${'a'.repeat(2_000)}`,
  ];
  for (const url of refused) {
    it(`must not be ${JSON.stringify(url.slice(0, 60))}`, () => {
      assert.throws(() => checkCallbackUrl(url, strict), CallbackNotAllowed);
    });
  }

  it('may be plain http for hosts that are listed, with their port or for all ports', () => {
    const rules = { insecureHosts: ['one.test', 'two.test:8080'], privateHosts: [] };
    for (const url of ['http://one.test/', 'http://ONE.test:81/', 'http://two.test:8080/'])
      checkCallbackUrl(url, rules);
    for (const url of ['http://two.test/', 'http://x.one.test/', 'http://one.test.evil.test/']) {
      assert.throws(() => checkCallbackUrl(url, rules), /CALLBACK_INSECURE_HOSTS/);
    }
  });

  it('is not repeated in the refusal, as it may hold a secret', () => {
    assert.throws(
      () => checkCallbackUrl('http://example.com/canary?key=canary', strict),
      (error: Error) => !error.message.includes('canary'),
    );
  });
});

describe('an address of a callback’s host', () => {
  it('that is not public spoils all the others of its host, unless the host is listed', () => {
    const url = new URL('https://one.test/');
    checkAddresses(url, ['8.8.8.8', '1.1.1.1'], strict);
    assert.throws(() => checkAddresses(url, ['8.8.8.8', '10.0.0.1'], strict), /CALLBACK_PRIVATE_HOSTS/);
    checkAddresses(url, ['8.8.8.8', '10.0.0.1'], { ...strict, privateHosts: ['one.test'] });
    assert.throws(() => checkAddresses(url, ['10.0.0.1'], { ...strict, privateHosts: ['one.test:444'] }));
  });
});
