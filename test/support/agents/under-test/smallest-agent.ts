/** An agent in one page, for those who would write their own: it needs nothing but what every command gets. */
import { execFile } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { env } from 'node:process';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

interface Block {
  type: string;
  id?: string;
  name?: string;
  text?: string;
  input?: { file_path: string; content: string; command: string };
}

const run = promisify(execFile);
const tools = ['write_file', 'bash'].map((name) => ({ name, input_schema: { type: 'object' } }));
const notes = path.join(env['PAWL_SESSION_DIR'] ?? '', 'conversation.json');
const system = await readFile('AGENTS.md', 'utf8').catch(() => '');
const messages = JSON.parse(await readFile(notes, 'utf8').catch(() => '[]')) as object[];
messages.push({ role: 'user', content: [{ type: 'text', text: await text(process.stdin) }, ...(await pictures())] });

for (;;) {
  const content = await askModel();
  messages.push({ role: 'assistant', content });
  const results: object[] = [];
  for (const block of content) {
    console.log(block.type === 'text' ? block.text : JSON.stringify(block));
    if (block.type !== 'tool_use') continue;
    results.push({ type: 'tool_result', tool_use_id: block.id, content: await use(block) });
    console.log(JSON.stringify(results.at(-1)));
  }
  if (results.length > 0) messages.push({ role: 'user', content: results });
  await writeFile(notes, JSON.stringify(messages));
  if (results.length === 0) break;
}

async function askModel(): Promise<Block[]> {
  const answer = await fetch(`${env['ANTHROPIC_BASE_URL']}/v1/messages`, {
    method: 'POST',
    headers: { authorization: `Bearer ${env['ANTHROPIC_AUTH_TOKEN']}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'claude-sonnet-4-5', max_tokens: 4000, system, tools, messages }),
  });
  if (answer.ok) return ((await answer.json()) as { content: Block[] }).content;
  console.error(answer.status, await answer.text());
  process.exit(1);
}

async function use({ name, input }: Block): Promise<string> {
  if (!input) return 'no input';
  if (name === 'bash') return (await run('sh', ['-c', input.command])).stdout;
  await writeFile(input.file_path, input.content);
  return 'written';
}

async function pictures(): Promise<object[]> {
  const files = (env['PAWL_PROMPT_IMAGES'] ?? '').split('\n').filter(Boolean);
  return Promise.all(
    files.map(async (file) => {
      const data = await readFile(file, 'base64');
      return { type: 'image', source: { type: 'base64', media_type: 'image/png', data } };
    }),
  );
}
