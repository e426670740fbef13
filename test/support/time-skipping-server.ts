export async function timeSkippingServerPath(): Promise<string> {
  return '/root/bg/test-server/test-server.sh';
}
