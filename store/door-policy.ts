/** What a run may do through its door. */
import { z } from 'zod';
import { CredentialName } from './credential-value.ts';

/** A host by its exact name, or `*.suffix` for every name below it. */
export const HostPattern = z
  .string()
  .toLowerCase()
  .max(253)
  .regex(
    /^(\*\.)?([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)*[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
    'must be host.name or *.host.name',
  );

/** The credential a model API is called with; `null` calls it without one, as a model of one's own may want it. */
const ModelCredential = CredentialName.nullable().optional();

/** Written by the activity that prepares the run, read by the gateway. Nothing in it is secret. */
export const DoorPolicy = z.strictObject({
  /** Model APIs that the run may use, and under which named credential. One that is not named is refused. */
  models: z.strictObject({ anthropic: ModelCredential, openai: ModelCredential, google: ModelCredential }).default({}),
  /** Past these, the next call to a model is refused. `null` sets no limit. */
  budget: z
    .strictObject({
      /** Everything sent and received but what a provider read from its cache. */
      tokens: z.int().positive().nullable().default(null),
      /** Millionths of a US dollar. */
      costMicros: z.int().positive().nullable().default(null),
    })
    .prefault({}),
  egress: z
    .strictObject({
      /** Whether the installation's list is allowed: package registries, and what `EGRESS_ALLOW` adds. */
      installation: z.boolean().default(true),
      /** Hosts for this run alone. */
      allow: z.array(HostPattern).max(200).default([]),
    })
    .prefault({}),
  files: z
    .strictObject({
      maxBytes: z
        .int()
        .positive()
        .default(2 * 1024 ** 3),
      maxTotalBytes: z
        .int()
        .positive()
        .default(8 * 1024 ** 3),
    })
    .prefault({}),
  events: z
    .strictObject({
      maxBytes: z
        .int()
        .positive()
        .default(256 * 1024 ** 2),
    })
    .prefault({}),
});

export type DoorPolicy = z.infer<typeof DoorPolicy>;
