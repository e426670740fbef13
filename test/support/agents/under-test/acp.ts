interface SessionUpdate {
  sessionUpdate: string;
  kind?: string;
  status?: string;
}

/** The kind of a message of an agent that speaks the Agent Client Protocol. */
export function acpKind(message: Record<string, unknown>): string | null {
  const { sessionUpdate, kind, status } = (message as { update: SessionUpdate }).update;
  if (sessionUpdate === 'tool_call') return `tool_call:${kind}`;
  // How often a tool tells of its progress is its own business.
  if (sessionUpdate === 'tool_call_update') return status === 'completed' ? 'tool_call_update:completed' : null;
  return sessionUpdate === 'agent_message_chunk' ? sessionUpdate : null;
}
