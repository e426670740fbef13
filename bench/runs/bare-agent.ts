/**
 * What anybody would write first: the agent's SDK, called in a container, each message printed as it comes. Called with the model's
 * address, the prompt and, if there is one, a repository to clone. It stands alone: the container has only the agents' packages.
 */
import { execFile } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { promisify } from 'node:util';
import { query } from '@anthropic-ai/claude-agent-sdk';

const [modelUrl = '', prompt = '', repoUrl] = process.argv.slice(2);
const [cwd, home] = ['/work/repo', '/work/state'];
await mkdir(`${home}/tmp`, { recursive: true });
if (repoUrl === undefined) await mkdir(cwd);
else await promisify(execFile)('git', ['clone', '--quiet', repoUrl, cwd]);

/** As Pawl's agent has them, so that the same program does the same. */
const options = {
  ...{ cwd, abortController: new AbortController(), stderr: (text: string) => void process.stderr.write(text) },
  ...{ permissionMode: 'bypassPermissions', allowDangerouslySkipPermissions: true, settingSources: [] },
  systemPrompt: { type: 'preset' as const, preset: 'claude_code' as const },
  env: {
    ...{ LANG: 'C.UTF-8', PATH: '/usr/local/bin:/usr/bin:/bin', HOME: home, TMPDIR: `${home}/tmp` },
    NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt',
    ...{ ANTHROPIC_BASE_URL: modelUrl, ANTHROPIC_AUTH_TOKEN: 'any', CLAUDE_CONFIG_DIR: `${home}/claude` },
    ...{ CLAUDE_CODE_TMPDIR: `${home}/tmp`, CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1' },
  },
};
for await (const message of query({ prompt, options })) console.log(JSON.stringify(message));
