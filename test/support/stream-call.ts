import assert from 'node:assert/strict';
import type { DoorClient } from './door-client.ts';
import type { TestGateway } from './gateway.ts';
import { sendJson, startStream } from './model-upstream.ts';

/** One call to Anthropic's API through the door, which is answered with this stream and arrives as it was sent. */
export async function streamCall(pawl: TestGateway, door: DoorClient, text: string): Promise<void> {
  pawl.upstream.answer((_, response) => {
    startStream(response);
    response.end(text);
  });
  assert.equal(
    (await door.call('POST', '/v1/messages', { body: { model: 'claude-opus-5', stream: true } })).text,
    text,
  );
  pawl.upstream.answer((_, response) => sendJson(response, 200, {}));
}
