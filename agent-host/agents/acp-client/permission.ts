/** Answering programs that ask before they use a tool. */
import type { AgentOptions } from '../../job.ts';

interface PermissionRequest {
  toolCall: { title?: string | null; kind?: string | null };
  options: { optionId: string; kind: string }[];
}

export interface PermissionChoice {
  answer: { outcome: { outcome: 'selected'; optionId: string } | { outcome: 'cancelled' } };
  /** The tool that was denied. */
  denied: string | null;
}

/** Allows it, this once rather than for ever; or denies it where the request asks for permissions and nobody is there. */
export function choosePermission(request: unknown, { permissionMode }: AgentOptions): PermissionChoice {
  const { toolCall, options } = request as PermissionRequest;
  const isAllowed = (permissionMode ?? 'bypassPermissions') === 'bypassPermissions';
  const option =
    options.find(({ kind }) => kind === `${isAllowed ? 'allow' : 'reject'}_once`) ??
    options.find(({ kind }) => kind.startsWith(isAllowed ? 'allow' : 'reject'));
  return {
    answer: { outcome: option ? { outcome: 'selected', optionId: option.optionId } : { outcome: 'cancelled' } },
    denied: isAllowed ? null : (toolCall.title ?? toolCall.kind ?? 'a tool'),
  };
}
