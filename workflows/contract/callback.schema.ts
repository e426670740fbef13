/** What comes in from outside about callbacks, as zod schemas; each schema and its type share one name. */
import { z } from 'zod';

export const CallbackId = z
  .string()
  .regex(/^cb-[A-Za-z0-9_-]{1,120}$/)
  .meta({ examples: ['cb-run-k3x9a1b2c3-completed'] });

/** As Standard Webhooks writes secrets: 24 to 64 bytes. */
export const SigningSecret = z
  .string()
  .regex(/^whsec_(?:[A-Za-z0-9+/]{4})+(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/, 'whsec_ and base64')
  .refine((secret) => bytesIn(secret) >= 24 && bytesIn(secret) <= 64, '24 to 64 bytes')
  .meta({ examples: ['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw'] });

function bytesIn(secret: string): number {
  return Math.floor((secret.slice('whsec_'.length).replaceAll('=', '').length * 3) / 4);
}
