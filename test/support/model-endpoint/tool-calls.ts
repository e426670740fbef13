/** The tools of the agents, by which a script's actions are done. */
import path from 'node:path';
import type { Action } from './script.ts';

export interface ToolCall {
  name: string;
  /** The arguments, or the text of a tool that takes text. */
  input: object | string;
}

type Tools = { name: string; type?: string }[];

/** The call that does the action, with the tools that the agent offers; paths are below `cwd`. */
export function toolCallFor(action: Action, tools: Tools, cwd: string): ToolCall {
  const makers =
    'run' in action ? runners(action.run) : writers(path.join(cwd, action.write.path), action.write.content);
  const found = tools.find(({ name }) => name in makers)?.name;
  if (found === undefined) throw new Error(`No known tool among ${tools.map(({ name }) => name).join(', ')}`);
  return { name: found, input: makers[found] ?? {} };
}

function runners(command: string): Record<string, object> {
  return {
    Bash: { command, description: 'Run it', timeout: 400_000 },
    bash: { command, description: 'Run it', timeout: 400_000 },
    exec_command: { cmd: command },
    shell_command: { command },
    run_shell_command: { command, description: 'Run it' },
  };
}

function writers(file: string, content: string): Record<string, object | string> {
  return {
    Write: { file_path: file, content },
    write: { filePath: file, content },
    write_file: { file_path: file, content },
    apply_patch: patchAdding(file, content),
  };
}

function patchAdding(file: string, content: string): string {
  const lines = content.replace(/\n$/, '').split('\n');
  return ['*** Begin Patch', `*** Add File: ${file}`, ...lines.map((line) => `+${line}`), '*** End Patch'].join('\n');
}
