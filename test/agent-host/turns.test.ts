/** How turns end that neither simply succeed nor simply fail. */
import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { jobFor } from '../support/agents/job.ts';
import { startAgentRun } from '../support/agents/run.ts';

describe('a turn of Claude Code', { timeout: 300_000 }, () => {
  it('ends at its limit on turns', async () => {
    await using run = await startAgentRun(jobFor('claude', 'SCRIPT:many', { options: { maxTurns: 2 } }));
    const end = await run.end();
    assert.deepEqual([end.outcome, end.reason], ['limit', 'the limit on turns is reached']);
  });

  it('is refused when a tool was not permitted, although the program calls that a success', async () => {
    const options = { permissionMode: 'default' };
    await using run = await startAgentRun(jobFor('claude', 'SCRIPT:write', { options }));
    const end = await run.end();
    assert.deepEqual([end.outcome, end.reason], ['refused', 'not permitted: Write']);
    assert.equal(run.door.messages().at(-1)?.['subtype'], 'success');
  });
});

describe('a turn of any program that speaks the Agent Client Protocol', { timeout: 300_000 }, () => {
  it('tells updates of a kind that nobody knows, and what it is asked, untouched', async () => {
    await using run = await startAgentRun(jobFor('acp', 'hello', { options: { command: acpProgram(asking) } }));
    const end = await run.end();
    assert.deepEqual([end.outcome, end.providerSessionId, end.text], ['completed', 's1', 'allowed']);
    assert.deepEqual(run.door.messages(), [
      { sessionId: 's1', update: { sessionUpdate: 'never_heard_of', x: [1, { y: 'z' }] }, extra: true },
      { sessionId: 's1', toolCall: { toolCallId: 't1', title: 'rm -rf /' }, options: choices },
      { sessionId: 's1', update: { sessionUpdate: 'agent_message_chunk', content: { type: 'text', text: 'allowed' } } },
    ]);
  });

  it('is refused when it asked for a tool that is not permitted', async () => {
    const options = { command: acpProgram(asking), permissionMode: 'default' };
    await using run = await startAgentRun(jobFor('acp', 'hello', { options }));
    const end = await run.end();
    assert.deepEqual([end.outcome, end.reason, end.text], ['refused', 'not permitted: rm -rf /', 'denied']);
  });

  it('fails with the words of a program that dies', async () => {
    const dying = 'console.error("no memory left"); process.exit(9);';
    await using run = await startAgentRun(jobFor('acp', 'hello', { options: { command: acpProgram(dying) } }));
    const end = await run.end();
    assert.deepEqual([end.outcome, end.reason], ['failed', 'node ended with exit code 9: no memory left']);
  });
});

/** A program that answers each request with what `body` makes of the prompt. */
function acpProgram(body: string): string[] {
  const frame = `
    const send = (message) => console.log(JSON.stringify({ jsonrpc: '2.0', ...message }));
    const update = (update, more) => send({ method: 'session/update', params: { sessionId: 's1', update, ...more } });
    const waiting = new Map();
    const ask = (method, params) => new Promise((resolve) => { waiting.set('q1', resolve); send({ id: 'q1', method, params }); });
    const answers = {
      initialize: () => ({ protocolVersion: 1, agentCapabilities: {} }),
      'session/new': () => ({ sessionId: 's1' }),
      'session/prompt': async () => { ${body} },
    };
    require('node:readline').createInterface({ input: process.stdin }).on('line', async (line) => {
      const { id, method, params, result } = JSON.parse(line);
      if (method === undefined) return waiting.get(id)(result);
      if (id !== undefined) send({ id, result: await answers[method](params) });
    });`;
  return ['node', '-e', frame];
}

const choices = [
  { optionId: 'y', name: 'Yes', kind: 'allow_once' },
  { optionId: 'n', name: 'No', kind: 'reject_once' },
];

const asking = `
  update({ sessionUpdate: 'never_heard_of', x: [1, { y: 'z' }] }, { extra: true });
  const options = ${JSON.stringify(choices)};
  const toolCall = { toolCallId: 't1', title: 'rm -rf /' };
  const { outcome } = await ask('session/request_permission', { sessionId: 's1', toolCall, options });
  const text = outcome.optionId === 'y' ? 'allowed' : 'denied';
  update({ sessionUpdate: 'agent_message_chunk', content: { type: 'text', text } });
  return { stopReason: 'end_turn' };`;
