/** Connections as `ss` tells of them; the samples were recorded on machines. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { parseConnections } from '../../cloud-init/on-machine/idle/connections.ts';
import { webQuietSeconds } from '../../cloud-init/on-machine/idle/web.ts';
import type { WebSample } from '../../cloud-init/on-machine/idle/web.ts';

const openTab =
  '0      0      [::ffff:172.17.0.2]:443 [::ffff:172.17.0.1]:51764 users:(("caddy",pid=1021,fd=7)) ' +
  'cubic wscale:7,7 rto:204 rtt:0.123/0.05 cwnd:10 bytes_received:5120 lastsnd:48120 lastrcv:48164 lastack:48120 minrtt:0.03';
const tabInUse =
  '0      0      172.17.0.2:443 172.17.0.1:51770 users:(("caddy",pid=1021,fd=9)) cubic rto:204 lastack:4 minrtt:0.03';
const agentRequest =
  '0      0      172.18.0.2:40112 160.79.104.10:443 users:(("claude",pid=2214,fd=23),("claude",pid=2230,fd=23)) ' +
  'cubic rto:204 lastsnd:9120 lastrcv:850 lastack:850';

describe('reading connections', () => {
  it('tells when the last bytes came and went', () => {
    const [connection] = parseConnections(openTab);
    assert.equal(connection?.localPort, '443');
    assert.equal(connection?.peer, '[::ffff:172.17.0.1]');
    assert.equal(connection?.receivedBytes, 5120);
    assert.equal(connection?.receivedSecondsAgo, 48.164);
    assert.equal(connection?.sentSecondsAgo, 48.12);
  });

  it('takes a time that is not printed for just now', () => {
    const [connection] = parseConnections(tabInUse);
    assert.equal(connection?.receivedSecondsAgo, 0);
    assert.equal(connection?.sentSecondsAgo, 0);
  });

  it('knows every process that shares a connection', () => {
    assert.deepEqual(parseConnections(agentRequest)[0]?.pids, [2214, 2230]);
  });

  it('finds one connection a line, and none in nothing', () => {
    assert.equal(parseConnections(`${openTab}\n${tabInUse}\n${agentRequest}\n`).length, 3);
    assert.deepEqual(parseConnections(''), []);
    assert.deepEqual(parseConnections('\n'), []);
  });
});

describe('people at the page', () => {
  const sample = (takenMs: number, receivedBytes: number): WebSample => ({
    takenMs,
    connections: { tab: { receivedBytes, receivedSecondsAgo: 2 } },
  });

  it('are not there when a forgotten page merely answers pings, however long the look was away', () => {
    assert.equal(webQuietSeconds(sample(0, 5000), sample(30_000, 5045)), Infinity);
    assert.equal(webQuietSeconds(sample(0, 5000), sample(600_000, 5000 + 20 * 45)), Infinity);
  });

  it('are there when the page asks for something', () => {
    assert.equal(webQuietSeconds(sample(0, 5000), sample(30_000, 5400)), 2);
  });

  it('are there when they just came in', () => {
    assert.equal(webQuietSeconds({ takenMs: 0, connections: {} }, sample(30_000, 700)), 2);
    assert.equal(webQuietSeconds(null, sample(0, 700)), 2);
  });

  it('are not there when no page is open', () => {
    assert.equal(webQuietSeconds(sample(0, 5000), { takenMs: 30_000, connections: {} }), Infinity);
  });
});
