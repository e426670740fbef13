/** What both ways are held to: the same messages of the same agent. */

/** Fails unless the agent used its tools so often; else the comparison would be of different work. */
export function checkToolCalls(messages: readonly unknown[], wanted: number): void {
  const results = messages.filter((message) => JSON.stringify(message).includes('"tool_result"')).length;
  if (results !== wanted) throw new Error(`the agent used ${results} tools instead of ${wanted}`);
}
