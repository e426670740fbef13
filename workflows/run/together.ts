import { CancellationScope } from '@temporalio/workflow';

/** Does all of this at once. When one part fails, the others are cancelled, and none goes on any more when this rejects. */
export async function together(...parts: (() => Promise<void>)[]): Promise<void> {
  const scope = new CancellationScope();
  await scope.run(async () => {
    const going = parts.map((part) => part());
    try {
      await Promise.all(going);
    } catch (error) {
      scope.cancel();
      await Promise.allSettled(going);
      throw error;
    }
  });
}
