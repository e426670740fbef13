import assert from 'node:assert/strict';
import { networkInterfaces } from 'node:os';
import { describe, it } from 'node:test';
import { isPublicAddress } from '../../network/public-address.ts';

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
    ...['::ffff:127.0.0.1', '::ffff:7f00:1', '::127.0.0.1', '::7f00:1', '::ffff:0:127.0.0.1', '::ffff:a9fe:a9fe'],
    ...['64:ff9b::7f00:1', '64:ff9b:1::7f00:1', '2002:7f00:1::', '2001::7f00:1'],
    // Given to nobody, or to many
    ...['192.0.2.1', '198.51.100.1', '203.0.113.1', '198.18.0.1', '224.0.0.1', '240.0.0.1', '255.255.255.255'],
    ...['2001:db8::1', '3fff::1', '100::1', 'ff02::1', '4000::1', '5f00::1'],
    // No address at all, or not in its one form
    ...['', 'localhost', '127.0.0.1:80', '1.2.3.4.5', '1.2.3', '134744072', '::g', 'fe80::1%eth0'],
  ];
  for (const address of closed) {
    it(`${JSON.stringify(address)} is not public`, () => assert.equal(isPublicAddress(address), false));
  }

  it('of this host is not public, whatever it is', () => {
    for (const { address } of Object.values(networkInterfaces()).flatMap((all) => all ?? [])) {
      assert.equal(isPublicAddress(address), false);
    }
  });
});
