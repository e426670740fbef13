/** Hetzner's answers to what hcloud-js does not ask, or of which it drops what Pawl needs: the needed fields alone. */
import { z } from 'zod';
import type { Action, LocationPrice, Pricing, ServerType, Snapshot, Thing } from './api.ts';

const Amount = z.object({ gross: z.coerce.number() }).transform(({ gross }) => gross);

const Prices = z
  .object({ location: z.string(), price_hourly: Amount, price_monthly: Amount })
  .transform((price): LocationPrice => {
    return { location: price.location, hourly: price.price_hourly, monthly: price.price_monthly };
  })
  .array();

const shared = {
  id: z.number(),
  name: z.string(),
  labels: z.record(z.string(), z.string()).default({}),
  created: z.coerce.date(),
};

/** A firewall, or a key. */
export const ThingAnswer: z.ZodType<Thing> = z.object(shared);

/** An order that was accepted. */
export const OrderAnswer = z.object({ id: z.number() });

/** A snapshot is known by its description; it has no name. */
export const SnapshotAnswer: z.ZodType<Snapshot> = z
  .object({
    ...shared,
    name: z.string().nullable(),
    description: z.string(),
    status: z.string(),
    image_size: z.number().nullable(),
    disk_size: z.number(),
    architecture: z.string(),
    protection: z.object({ delete: z.boolean() }),
  })
  .transform(({ name, description, image_size, disk_size, protection, ...image }) => ({
    ...image,
    name: name ?? description,
    sizeGb: image_size ?? 0,
    diskGb: disk_size,
    isProtected: protection.delete,
  }));

export const ActionAnswer: z.ZodType<Action> = z.object({
  id: z.number(),
  command: z.string(),
  status: z.enum(['running', 'success', 'error']),
  progress: z.number(),
  error: z.object({ code: z.string(), message: z.string() }).nullable(),
});

export const ServerTypeAnswer: z.ZodType<ServerType> = z
  .object({
    name: z.string(),
    cores: z.number(),
    memory: z.number(),
    disk: z.number(),
    architecture: z.string(),
    prices: Prices,
  })
  .transform(({ memory, disk, ...type }) => ({ ...type, memoryGb: memory, diskGb: disk }));

export const LocationAnswer = z.object({ name: z.string() });

export const PricingAnswer: z.ZodType<Pricing> = z
  .object({
    currency: z.string(),
    primary_ips: z.array(z.object({ type: z.string(), prices: Prices })).default([]),
    image: z.object({ price_per_gb_month: Amount }),
  })
  .transform(({ currency, primary_ips, image }) => ({
    currency,
    ipv4: primary_ips.find(({ type }) => type === 'ipv4')?.prices ?? [],
    snapshotGbMonth: image.price_per_gb_month,
  }));

/** Where a page of a list ends. */
export const PageAnswer = z.object({
  meta: z.object({ pagination: z.object({ next_page: z.number().nullable() }) }),
});
