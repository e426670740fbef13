/** The workflow bundle: built once by a worker process, and the same code that replay tests load. */
import { fileURLToPath } from 'node:url';
import { bundleWorkflowCode, type Logger, type WorkflowBundle } from '@temporalio/worker';
import { failureConverterPath } from '../codec/data-converter.ts';

export const workflowsPath = fileURLToPath(new URL('../workflows/index.ts', import.meta.url));

/** Fails when workflow code reaches for what the sandbox does not have (Node modules, native code). */
export function buildWorkflowBundle(logger?: Logger): Promise<WorkflowBundle> {
  return bundleWorkflowCode({ workflowsPath, failureConverterPath, ...(logger && { logger }) });
}
