/** Which types of server a size stands for. */
import { z } from 'zod';
import { WorkspaceSize } from '../workflows/contract/workspace.schema.ts';

const form = /^[a-z]+=[a-z0-9-]+(\|[a-z0-9-]+)*$/;

/** `small=cx23|cpx11,medium=cx33,…`: types by size, the preferred one first. */
export const ServerSizes = z
  .string()
  .transform((text) => text.split(','))
  .pipe(z.array(z.string().regex(form, 'not of the form small=cx23|cpx11,medium=cx33,large=cx43')))
  .transform((entries) => Object.fromEntries(entries.map(typesOf)))
  .pipe(z.record(WorkspaceSize, z.array(z.string(), { error: 'has no type of server; every size needs one' })));
export type ServerSizes = z.infer<typeof ServerSizes>;

function typesOf(entry: string): [string, string[]] {
  const [size = '', types = ''] = entry.split('=');
  return [size, types.split('|')];
}
