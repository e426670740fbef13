import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { runCredentials } from '../../workflows/contract/run.ts';
import { openApi, type Api, type Request } from '../support/api.ts';
import { gif, picture, png, pngOf } from '../support/pictures.ts';

const text = { type: 'text', text: 'What is this?' };
const megabyte = 1024 * 1024;

/** What may not be a prompt, and the part of it that is at fault. */
const badPrompts: [what: string, prompt: unknown, field: string][] = [
  ['no prompt', undefined, ''],
  ['an empty prompt', '', ''],
  ['a blank prompt', ' \n\t', ''],
  ['a number', 7, ''],
  ['no blocks', [], ''],
  ['blocks without a word', [picture(png)], ''],
  ['a blank block', [{ type: 'text', text: ' ' }], ''],
  ['a block of another kind', [text, { type: 'video' }], '.1.type'],
  ['bad base64', [text, picture('not base64!')], '.1.source.data'],
  ['an empty image', [text, picture('')], '.1.source.data'],
  ['a type of image that no model takes', [text, picture(png, 'image/tiff')], '.1.source.media_type'],
  ['an image that is none', [text, picture(Buffer.from('<svg/>').toString('base64'))], '.1.source.data'],
  ['an image of another type than it says', [text, picture(gif, 'image/png')], '.1.source.data'],
  ['an image over the limit', [text, picture(pngOf(5 * megabyte + 1))], '.1.source.data'],
  ['an image from an address', [text, { type: 'image', source: { type: 'url', url: 'http://x' } }], '.1.source.type'],
];

const run = { prompt: 'Hi', agent: 'command', options: { command: ['true'] } };
const url = 'https://git.test/hello.git';

const badRuns: [what: string, body: object, error: string][] = [
  ['no agent', { prompt: 'Hi' }, 'validation_error'],
  ['an agent that there is not', { ...run, agent: 'skynet' }, 'unknown_agent'],
  ['a program without its command', { prompt: 'Hi', agent: 'command' }, 'validation_error'],
  ['a session id with path characters', { ...run, sessionId: '../../etc' }, 'validation_error'],
  ['a session id with a quote', { ...run, sessionId: "a' OR 1=1" }, 'validation_error'],
  ['a long session id', { ...run, sessionId: 'a'.repeat(129) }, 'validation_error'],
  ['a repository by plain http', { ...run, repository: { url: 'http://git.test/hello' } }, 'invalid_repo_url'],
  ['a repository in a file', { ...run, repository: { url: 'file:///etc' } }, 'invalid_repo_url'],
  ['a token in the URL', { ...run, repository: { url: 'https://t0ken@git.test/hello' } }, 'invalid_repo_url'],
  ['an option for a branch', { ...run, repository: { url, branch: '--upload-pack=x' } }, 'validation_error'],
  ['a folder out of the checkout', { ...run, repository: { url, directory: '../x' } }, 'validation_error'],
  ['an absolute folder', { ...run, repository: { url, directory: '/etc' } }, 'validation_error'],
  ['a folder below another', { ...run, repository: { url, directory: 'a/b' } }, 'validation_error'],
  ['a token that is not stored', { ...run, repository: { url, credential: 'nobodys' } }, 'invalid_credential'],
  ['no credential at all', { prompt: 'Hi', agent: 'claude' }, 'invalid_credential'],
  ['a credential that is not stored', { prompt: 'Hi', agent: 'claude', credential: 'nobodys' }, 'invalid_credential'],
  ['a credential of another kind', { prompt: 'Hi', agent: 'claude', credential: 'git' }, 'invalid_credential'],
  ['nowhere to publish', { ...run, publish: 'branch' }, 'validation_error'],
  ['nowhere to open a pull request', { ...run, publish: 'pull_request' }, 'validation_error'],
  [
    'a pull request at a host that has none',
    { ...run, publish: 'pull_request', repository: { url, credential: 'git' } },
    'validation_error',
  ],
  [
    'a pull request without a token',
    { ...run, publish: 'pull_request', repository: { url: 'https://github.com/a/b' } },
    'invalid_credential',
  ],
  ['no minutes', { ...run, limits: { minutes: 0 } }, 'validation_error'],
  ['too many minutes', { ...run, limits: { minutes: 1441 } }, 'validation_error'],
  ['a limit of turns that its agent cannot keep', { ...run, limits: { turns: 3 } }, 'validation_error'],
  [
    'permissions that its agent does not ask for',
    { ...run, agent: 'codex', options: { skipPermissions: false } },
    'validation_error',
  ],
  ['a model with spaces', { ...run, options: { ...run.options, model: 'a b' } }, 'validation_error'],
  ['a callback by plain http', { ...run, callback: { url: 'http://a.test/' } }, 'invalid_callback'],
  ['a callback that nobody signs', { ...run, callback: { url: 'https://a.test/' } }, 'invalid_callback'],
  ['a priority of none', { ...run, priority: 0 }, 'validation_error'],
];

const execution = {
  userRequest: 'Hi',
  codingAssistantProvider: 'command',
  providerOptions: { command: ['true'] },
};

const badExecutions: [what: string, body: object, field: string][] = [
  ['no provider', { userRequest: 'Hi' }, 'codingAssistantProvider'],
  ['an unknown provider', { ...execution, codingAssistantProvider: 'skynet' }, 'codingAssistantProvider'],
  ['a number for a credential', { ...execution, codingAssistantAuthentication: 7 }, 'codingAssistantAuthentication'],
  [
    'broken JSON for a credential',
    { ...execution, codingAssistantAuthentication: '{"a' },
    'codingAssistantAuthentication',
  ],
  [
    'a credential that is not stored',
    { ...execution, codingAssistantProvider: 'claude', codingAssistantAuthentication: 'nobodys' },
    'codingAssistantAuthentication',
  ],
  [
    'a key of another provider',
    { ...execution, codingAssistantProvider: 'codex', codingAssistantAuthentication: 'sk-ant-api03-k' },
    'codingAssistantAuthentication',
  ],
  ['a session id with path characters', { ...execution, websiteSessionId: '../x' }, 'websiteSessionId'],
  ['github without a repository', { ...execution, github: {} }, 'github.repoUrl'],
  ...['..', '../x', '/etc', 'a/b', '.git', '-C', '', 'a\nb', 'a'.repeat(101)].map(
    (directory): [string, object, string] => [
      `a folder called ${JSON.stringify(directory)}`,
      { ...execution, github: { repoUrl: url, directory } },
      'github.directory',
    ],
  ),
  ['a repository in a file', { ...execution, github: { repoUrl: 'file:///etc' } }, 'github.repoUrl'],
  [
    'a token with a line break',
    { ...execution, github: { repoUrl: url, accessToken: 'a\nbbbbbbbbb' } },
    'github.accessToken',
  ],
  ['a program without its command', { ...execution, providerOptions: {} }, 'providerOptions.command'],
  [
    'permissions that its agent does not ask for',
    { ...execution, providerOptions: { ...execution.providerOptions, skipPermissions: false } },
    'providerOptions.skipPermissions',
  ],
];

/** Temporal is away: what gets so far as to ask it fails in another way. */
async function openBadApi(): Promise<Api> {
  const api = await openApi();
  await api.store.credentials.put('git', { kind: 'git_token', token: 'a-token-of-the-test', username: 'x' });
  return api;
}

async function refused(address: string, request: Request, expected: unknown[], field?: string): Promise<void> {
  await using api = await openBadApi();
  const { status, body, headers, text: answer } = await api.call('POST', address, request);
  assert.deepEqual([status, body['error']], expected, answer);
  assert.match(headers.get('content-type') ?? '', /^application\/problem\+json/);
  if (field !== undefined) assert.equal(body['field'], field, answer);
  assert.deepEqual(
    (await api.store.credentials.list()).map(({ name }) => name),
    ['git'],
  );
  assert.deepEqual(await api.store.sessions.list({ limit: 1 }), []);
  for await (const { key } of api.services.blobs.list('')) assert.fail(`${key} was made`);
}

describe('a run', () => {
  for (const [what, body, error] of badRuns) {
    it(`with ${what} is a 400 ${error}, and makes nothing`, () => refused('/runs', { body }, [400, error]));
  }
  for (const [what, prompt, field] of badPrompts) {
    it(`with ${what} is a 400 that says where, and makes nothing`, () =>
      refused('/runs', { body: { ...run, prompt } }, [400, 'validation_error'], `prompt${field}`));
  }
  it('over 10 MB is a 413', () =>
    refused('/runs', { body: { ...run, prompt: 'a'.repeat(10 * megabyte) } }, [413, 'payload_too_large']));
});

describe('a further prompt', () => {
  it('over 10 MB is a 413', () =>
    refused('/sessions/any/prompts', { body: { prompt: 'a'.repeat(10 * megabyte) } }, [413, 'payload_too_large']));
});

describe('a credential that came with another run', () => {
  const { model: name } = runCredentials('run-aaaaaaaaaa');
  const asked: [path: string, body: object, error: string][] = [
    ['/runs', { prompt: 'Hi', agent: 'claude', credential: name }, 'invalid_credential'],
    [
      '/execute',
      { ...execution, codingAssistantProvider: 'claude', codingAssistantAuthentication: name },
      'invalid_request',
    ],
  ];
  for (const [path, body, error] of asked) {
    it(`is none to any other, also when it is asked for by its name at ${path}`, async () => {
      await using api = await openApi();
      await api.store.credentials.put(name, { kind: 'anthropic_api_key', apiKey: 'sk-ant-of-the-test' });
      const { status, body: problem } = await api.call('POST', path, { body });
      assert.deepEqual([status, problem['error']], [400, error]);
      assert.match(String(problem['detail']), /no stored credential/);
    });
  }
});

describe('an execution', () => {
  for (const [what, body, field] of badExecutions) {
    it(`with ${what} is a 400 before any stream, and makes nothing`, () =>
      refused('/execute', { body }, [400, 'invalid_request'], field));
  }
  for (const [what, userRequest, field] of badPrompts) {
    it(`with ${what} is a 400 before any stream, and makes nothing`, () =>
      refused('/execute', { body: { ...execution, userRequest } }, [400, 'invalid_request'], `userRequest${field}`));
  }
  it('with broken JSON is a 400 invalid_request', () => refused('/execute', { raw: '{' }, [400, 'invalid_request']));
  it('over 10 MB is a 413', () =>
    refused('/execute', { body: { ...execution, userRequest: 'a'.repeat(10 * megabyte) } }, [
      413,
      'payload_too_large',
    ]));
  it('with an image of the largest size gets past every check', () =>
    refused('/execute', { body: { ...execution, userRequest: [text, picture(pngOf(5 * megabyte))] } }, [
      503,
      'temporal_unavailable',
    ]));
});
