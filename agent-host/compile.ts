/**
 * Loads what an agent host and the process of an agent load, once, while the image is built: Node keeps in `NODE_COMPILE_CACHE` what it
 * has compiled, for the same user only.
 */
import { existsSync } from 'node:fs';

await import('./host.ts');
await import('./job-story.ts');

const sdks = ['@anthropic-ai/claude-agent-sdk', '@openai/codex-sdk', '@agentclientprotocol/sdk'];
// An image has the packages of some agents.
for (const sdk of sdks) if (existsSync(new URL(`../node_modules/${sdk}`, import.meta.url))) await import(sdk);
