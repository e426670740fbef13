/** Where callbacks may go: the forms in which a private address hides, and what is a plain mistake. */
import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { isPublicAddress } from '../../callbacks/public-address.ts';
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

describe('an address', () => {
  const open = ['8.8.8.8', '93.184.216.34', '2606:4700::1111', '::ffff:8.8.8.8'];
  for (const address of open) it(`${address} is public`, () => assert.equal(isPublicAddress(address), true));

  const closed = [
    // This host, its neighbours, its networks
    ...['127.0.0.1', '127.8.9.1', '0.0.0.0', '10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1'],
    ...['::1', '::', 'fe80::1', 'fc00::1', 'fd12:3456::1', 'fec0::1'],
    // Metadata services
    ...['169.254.169.254', '169.254.170.2', '100.100.100.200', '192.0.0.192', '168.63.129.16', 'fd00:ec2::254'],
    // IPv4 in the clothes of IPv6
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '::7f00:1', '::ffff:0:127.0.0.1'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '2002:7f00:1::', '2001::7f00:1'],
    // Given to nobody, or to many
    ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['2001:db8::1', '3fff::1', '100::1', 'ff02::1', '4000::1', '5f00::1'],
    ...['', 'localhost', '127.0.0.1:80', '1.2.3.4.5', 'fe80::1%eth0'],
  ];
  for (const address of closed) {
    it(`${JSON.stringify(address)} is not public`, () => assert.equal(isPublicAddress(address), false));
  }

  it('of this host is not public, whatever it is', () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
      assert.equal(isPublicAddress(address), false);
    }
  });

  it('that is not public spoils all the others of its host, unless the host is listed', () => {
    const url = new URL('https://one.test/');
    checkAddresses(url, ['8.8.8.8', '1.1.1.1'], strict);
    assert.throws(() => checkAddresses(url, ['8.8.8.8', '10.0.0.1'], strict), /CALLBACK_PRIVATE_HOSTS/);
    checkAddresses(url, ['8.8.8.8', '10.0.0.1'], { ...strict, privateHosts: ['one.test'] });
    assert.throws(() => checkAddresses(url, ['10.0.0.1'], { ...strict, privateHosts: ['one.test:444'] }));
  });
});
