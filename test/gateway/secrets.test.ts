/** Canaries: keys that may go upstream, and must be nowhere else. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, it } from 'node:test';
import { openGateway, testKeys } from '../support/gateway.ts';
import type { TestGateway } from '../support/gateway.ts';
import { anthropicStream, sendJson, startStream } from '../support/model-upstream.ts';
import type { Answer } from '../support/model-upstream.ts';

const tokens = { access: 'canary-access-token', refresh: 'canary-refresh-token', next: 'canary-next-access' };
const canaries = [...Object.values(testKeys), ...Object.values(tokens)];

describe('a credential', () => {
  it('goes upstream, and is in no log, table, file or answer, whatever goes wrong', async () => {
    await using pawl = await openGateway();
    await storeSubscription(pawl, 'fresh', 60);
    await storeSubscription(pawl, 'old', 1);
    const doors = [
      await pawl.door(),
      await pawl.door({ models: { anthropic: 'fresh' } }),
      await pawl.door({ models: { anthropic: 'old' } }),
    ];
    const seen: string[] = [];

    for (const answer of misbehaviours()) {
      pawl.upstream.answer(answer);
      for (const door of doors) {
        for (const url of ['/v1/messages', '/openai/v1/responses', '/gemini/v1/models/m:generateContent']) {
          const got = await door.call('POST', url, { body: { stream: true } }).catch((error: unknown) => String(error));
          seen.push(JSON.stringify(got));
        }
      }
    }
    await doors[0]!.call('GET', `/pawl/files/${testKeys.anthropic.toLowerCase()}`);
    seen.push(JSON.stringify(await pawl.store.credentials.list()), pawl.log(), await filesBelow(pawl));

    const upstream = JSON.stringify(pawl.upstream.requests);
    for (const canary of canaries)
      assert.ok(upstream.includes(canary), `${canary} was never used, so this shows nothing`);
    for (const canary of [...canaries, ...doors.map(({ token }) => token)]) {
      for (const form of [canary, Buffer.from(canary).toString('base64').slice(0, -3)]) {
        const where = seen.findIndex((text) => text.includes(form));
        const text = seen[where] ?? '';
        assert.equal(
          where,
          -1,
          `${form} is in ${text.slice(Math.max(0, text.indexOf(form) - 200), text.indexOf(form) + 60)}`,
        );
      }
    }
  });
});

async function storeSubscription({ store }: TestGateway, name: string, minutes: number): Promise<void> {
  const secrets = { accessToken: tokens.access, refreshToken: tokens.refresh };
  const expiresAt = Date.now() + minutes * 60_000;
  await store.credentials.put(name, { kind: 'anthropic_oauth', ...secrets, expiresAt, scopes: [] });
}

/** Everything an endpoint may do with a key that it was sent. */
function misbehaviours(): Answer[] {
  const echo = ({ headers }: { headers: object }) => JSON.stringify(headers);
  const unlessRefresh =
    (answer: Answer): Answer =>
    (request, response) =>
      request.url === '/oauth/token'
        ? sendJson(response, 200, { access_token: tokens.next, refresh_token: 'canary-next-refresh', expires_in: 3600 })
        : answer(request, response);
  const answers: Answer[] = [
    (_, response) => {
      startStream(response);
      response.end(anthropicStream());
    },
    (request, response) => sendJson(response, 400, { error: echo(request) }),
    (request, response) => sendJson(response, 401, { error: echo(request) }),
    (request, response) => sendJson(response, 403, { error: echo(request) }),
    (request, response) => sendJson(response, 500, { error: echo(request) }),
    (_, response) => response.destroy(),
    (_, response) => {
      startStream(response);
      response.write('data: half');
      response.destroy();
    },
  ];
  return answers.map(unlessRefresh);
}

/** Every file of the installation, its databases included, but for the tokens that containers are to see. */
async function filesBelow({ home }: TestGateway): Promise<string> {
  const entries = await readdir(home, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile() && entry.name !== 'token');
  const contents = await Promise.all(files.map((file) => readFile(path.join(file.parentPath, file.name), 'latin1')));
  return contents.join('\n');
}
