/** What the API answers about things at providers. */
import { z } from 'zod';
import { resourceKinds } from '../workflows/contract/resources.ts';
import { WorkspaceId } from '../workflows/contract/workspace.schema.ts';
import { workspaceStatuses } from '../workflows/contract/workspace.ts';

const Time = z.string().meta({ description: 'ISO 8601, UTC.', format: 'date-time' });

const Owner = z
  .object({
    id: WorkspaceId,
    status: z.enum(workspaceStatuses).nullable().meta({ description: 'null when there is no such workspace.' }),
    shutdownAt: Time.nullable().meta({ description: 'When it is stopped if nothing more happens in it.' }),
    expiresAt: Time.nullable().meta({ description: 'When it is stopped for its age.' }),
  })
  .meta({ id: 'ResourceOwner' });
export type Owner = z.infer<typeof Owner>;

const OwnedResource = z
  .object({
    provider: z.string(),
    kind: z.enum(resourceKinds),
    id: z.string().meta({ description: "The provider's own." }),
    name: z.string(),
    createdAt: Time,
    hourlyPrice: z.string().nullable().meta({ description: 'A decimal amount; null when it costs nothing.' }),
    currency: z.string().nullable(),
    workspace: Owner.nullable().meta({ description: 'Whose it is; null when all of the installation shares it.' }),
    orphan: z.boolean().meta({ description: 'Whether its workspace does not live.' }),
    sweptAt: Time.nullable().meta({ description: 'When the sweep takes an orphan; null when no sweep will.' }),
  })
  .meta({ id: 'Resource' });
export type OwnedResource = z.infer<typeof OwnedResource>;

export const ResourceLedger = z
  .object({
    resources: z.array(OwnedResource),
    unreadable: z
      .array(z.object({ provider: z.string(), reason: z.string() }))
      .meta({ description: 'Providers whose resources are not among these, because they could not be read.' }),
  })
  .meta({ id: 'ResourceLedger' });
export type ResourceLedger = z.infer<typeof ResourceLedger>;
