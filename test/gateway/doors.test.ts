import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { text } from 'node:stream/consumers';
import { describe, it } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import pino from 'pino';
import { until } from '../../engine/until.ts';
import { SettingsError } from '../../config/settings.ts';
import { gatewaySettings } from '../../gateway/config.ts';
import { connectToGateway, GatewayUnreachable, NoSuchDoor } from '../../gateway/control/control-client.ts';
import { startGateway } from '../../gateway/gateway.ts';
import { doorsFolder } from '../../gateway/places.ts';
import { DoorPolicy } from '../../store/door-policy.ts';
import { openGateway, openTestDoor, testHostId } from '../support/gateway.ts';
import { anthropicStream, sse, startStream } from '../support/model-upstream.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

const first = 'run-aaaaaaaaaa';

describe('a door', () => {
  it('is a socket that anybody may use and a token that anybody may read, in a folder that nobody else reaches', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({}, first);
    const modeOf = async (...names: string[]) => ((await stat(path.join(...names))).mode & 0o777).toString(8);
    const folder = path.join(doorsFolder(pawl.home), first);

    assert.equal(await modeOf(folder, 'gw.sock'), '666');
    assert.equal(await modeOf(folder, 'token'), '644');
    assert.equal(await modeOf(folder), '755');
    assert.equal(await modeOf(doorsFolder(pawl.home)), '700');
    assert.equal(await modeOf(pawl.home, 'gateway', 'control.sock'), '600');
    assert.deepEqual((await readdir(folder)).toSorted(), ['gw.sock', 'token']);
    assert.match(door.token, /^run_[\w-]{43}$/);
  });

  it('opens as often as it is asked for, with the token that it had', async () => {
    await using pawl = await openGateway();
    const doors = [await pawl.door({}, first), await pawl.door({}, first)];
    assert.equal(doors[0]!.token, doors[1]!.token);
    const folders = await Promise.all(Array.from({ length: 20 }, () => pawl.control.openDoor(first)));
    assert.equal(new Set(folders).size, 1);
    assert.equal((await doors[0]!.call('GET', '/v1/models')).status, 200);
  });

  it('lets nobody through once it is closed, and leaves nothing when it is forgotten', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({}, first);
    const open = door.open('GET', '/v1/models');
    await open;
    await assert.rejects(pawl.control.closeDoor(first), /still has a door/);

    await pawl.store.doors.close(first);
    await pawl.control.closeDoor(first);
    await pawl.control.closeDoor(first);

    await assert.rejects(door.call('GET', '/v1/models'), { code: 'ENOENT' });
    assert.equal(existsSync(path.join(doorsFolder(pawl.home), first)), false);
    await assert.rejects(pawl.control.openDoor(first), NoSuchDoor);
    await pawl.store.doors.forget(first);
    assert.deepEqual(await pawl.store.secrets.list('door/'), []);
  });

  it('opens and closes by itself when nobody told the gateway of the change', async () => {
    await using pawl = await openGateway();
    await openTestDoor(pawl.store, first, {});
    const socket = path.join(doorsFolder(pawl.home), first, 'gw.sock');
    await until('the door is open', () => existsSync(socket), { pollMs: 10 });
    await pawl.store.doors.close(first);
    await until('the door is gone', () => !existsSync(path.dirname(socket)), { pollMs: 10 });
  });

  it('is opened by its own host only, and closed when the run has moved to another one', async () => {
    await using pawl = await openGateway();
    await pawl.door({}, first);
    await pawl.store.doors.open({ runId: first, hostId: 'host-other', policy: DoorPolicy.parse({}) });
    await assert.rejects(pawl.control.openDoor(first), NoSuchDoor);
    assert.equal(existsSync(path.join(doorsFolder(pawl.home), first)), false);
  });

  it('has a run’s id for a name, and nothing that leads elsewhere', async () => {
    await using pawl = await openGateway();
    for (const name of ['..', 'run-1/../../x', '%2e%2e', 'run-AAAAAAAAAA', `${first}/x`]) {
      await assert.rejects(pawl.control.openDoor(name), /answered 404/, name);
    }
  });
});

describe('a gateway that starts', () => {
  it('opens the doors of before, clears away what belongs to none, and leaves alone what is not its own', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({}, first);
    await pawl.gateway.close();
    assert.ok(existsSync(door.socketPath), 'a stopped gateway leaves the folder, since the container goes on');
    await assert.rejects(door.call('GET', '/v1/models'), { code: 'ECONNREFUSED' });
    const stranded = path.join(doorsFolder(pawl.home), 'run-bbbbbbbbbb');
    const foreign = path.join(doorsFolder(pawl.home), 'notes');
    for (const folder of [stranded, foreign]) await mkdir(folder);
    await writeFile(path.join(stranded, 'token'), 'old');
    await writeFile(path.join(path.dirname(door.socketPath), 'gw.sock.new'), 'half made');

    const settings = gatewaySettings.parse({ PAWL_HOME: pawl.home, ANTHROPIC_BASE_URL: pawl.upstream.url });
    const log = pino({ level: 'silent' });
    const again = await startGateway({ settings, hostId: testHostId, store: pawl.store, blobs: pawl.blobs, log });
    try {
      assert.equal((await door.call('GET', '/v1/models')).status, 200);
      assert.deepEqual([existsSync(stranded), existsSync(foreign)], [false, true]);
      assert.equal(await readFile(path.join(path.dirname(door.socketPath), 'token'), 'utf8'), door.token);
    } finally {
      await again.close();
    }
  });

  it('lets answers under way come to their end when it stops', async () => {
    await using pawl = await openGateway();
    const door = await pawl.door({}, first);
    const stopping = Promise.withResolvers<void>();
    pawl.upstream.answer(async (_, response) => {
      startStream(response);
      response.write(sse({ type: 'ping' }));
      await stopping.promise;
      await sleep(50);
      response.end(anthropicStream());
    });
    const answer = await door.open('POST', '/v1/messages', { body: { stream: true } });
    const stopped = pawl.gateway.close();
    stopping.resolve();

    assert.equal(await text(answer), sse({ type: 'ping' }) + anthropicStream());
    await stopped;
    assert.deepEqual(
      (await pawl.store.modelCalls.list(first)).map(({ isFinal }) => isFinal),
      [true],
    );
  });

  it('says so when the home is too long for its sockets', async () => {
    await using pawl = await openGateway();
    const settings = gatewaySettings.parse({ PAWL_HOME: `/tmp/${randomUUID()}${'x'.repeat(60)}` });
    const log = pino({ level: 'silent' });
    const start = startGateway({ settings, hostId: testHostId, store: pawl.store, blobs: pawl.blobs, log });
    await assert.rejects(start, SettingsError);
  });

  it('is missed by its clients in words of their own', async () => {
    await using folder = await temporaryFolder();
    const control = connectToGateway(folder.path);
    await assert.rejects(control.openDoor(first), GatewayUnreachable);
    assert.equal(await control.isUp(), false);
  });
});
