import type { z } from 'zod';

/** Settings that open something. */
const secretSettings = [
  ...['API_TOKEN', 'AWS_SECRET_ACCESS_KEY', 'CLOUDFLARE_API_TOKEN', 'DATABASE_URL', 'HCLOUD_TOKEN', 'PAWL_SECRET_KEY'],
];

/** The environment for a process with all these settings: of secrets, it holds those that the process reads, and no others. */
export function withOwnSecrets(environment: NodeJS.ProcessEnv, ...read: z.ZodObject[]): NodeJS.ProcessEnv {
  const others = secretSettings.filter((name) => !read.some(({ shape }) => name in shape));
  return { ...environment, ...Object.fromEntries(others.map((name) => [name, undefined])) };
}
