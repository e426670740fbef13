interface SessionUpdate {
  sessionUpdate: string;
  kind?: string;
  status?: string;
}

interface AcpMessage {
  update?: SessionUpdate;
  /** Of a request for a permission. */
  toolCall?: { kind: string };
}

/** The kind of a message of an agent that speaks the Agent Client Protocol. */
export function acpKind(message: Record<string, unknown>): string | null {
  const { update, toolCall } = message as AcpMessage;
  // A program that asks first announces its tool call by that.
  if (!update) return `tool_call:${toolCall?.kind}`;
  const { sessionUpdate, kind, status } = update;
  if (sessionUpdate === 'tool_call') return `tool_call:${kind}`;
  // How often a tool tells of its progress is its own business.
  if (sessionUpdate === 'tool_call_update') return status === 'completed' ? 'tool_call_update:completed' : null;
  return sessionUpdate === 'agent_message_chunk' ? sessionUpdate : null;
}
