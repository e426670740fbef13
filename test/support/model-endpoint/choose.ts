/** Finding the step of a script that a model call asks for. */
import type { Script, Step } from './script.ts';

/** A model call, as far as all providers' APIs have it in common. */
export interface Call {
  /** Texts of the conversation so far, in order, and how many tool results follow each. */
  prompts: { text: string; toolResults: number }[];
  tools: { name: string; type?: string }[];
  model: string;
}

export type Choice = { name: string | undefined; step: Step; pauseMs: number } | Exclude<Script, { steps: Step[] }>;

/** What the script of the last prompt that names one says to this call; without one, a short text. */
export function choose(call: Call, scripts: ReadonlyMap<string, Script>): Choice {
  const at = call.prompts.findLastIndex(({ text }) => scriptNamed(text) !== undefined);
  const name = scriptNamed(call.prompts[at]?.text ?? '');
  const script = scripts.get(name ?? '') ?? { steps: [{ say: 'No script.' }] };
  if (!('steps' in script)) return script;
  const done = call.prompts.slice(at).reduce((count, { toolResults }) => count + toolResults, 0);
  const step = script.steps[Math.min(done, script.steps.length - 1)] ?? {};
  return { name, step, pauseMs: script.pauseMs ?? 0 };
}

/** The last one that is named: an agent may show the model its earlier prompts as well. */
function scriptNamed(text: string): string | undefined {
  return [...text.matchAll(/SCRIPT:([a-z0-9-]+)/g)].at(-1)?.[1];
}
