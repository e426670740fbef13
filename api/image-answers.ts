/** What the API answers about machine images. */
import { z } from 'zod';
import { failures, type FailureName } from '../workflows/contract/failures.ts';
import { imageBuildSteps } from '../workflows/contract/machine-image.ts';

const Time = z.string().meta({ description: 'ISO 8601, UTC.', format: 'date-time' });
const failureNames = Object.keys(failures) as [FailureName, ...FailureName[]];

export const ImageBuildDetails = z
  .object({
    id: z.string().meta({ description: 'What the build makes bears it.' }),
    provider: z.string(),
    status: z.enum(['building', 'built', 'failed']).meta({
      description: 'Once it is `built` or `failed`, nothing but the image is left of it.',
    }),
    step: z.enum(imageBuildSteps),
    detail: z.string().nullable().meta({ description: 'What goes on within the step, as far as it is known.' }),
    recipe: z.string().nullable().meta({ description: 'Changes with everything that is installed.' }),
    image: z
      .object({ id: z.string().meta({ description: "The provider's own." }), name: z.string(), sizeGb: z.number() })
      .nullable(),
    replaced: z.array(z.string()).meta({ description: 'Names of images that were removed for this one.' }),
    error: z.string().nullable().meta({ description: 'Told as soon as it is known.' }),
    errorCode: z.enum(failureNames).nullable(),
    startedAt: Time,
    endedAt: Time.nullable(),
  })
  .meta({ id: 'ImageBuild' });
export type ImageBuildDetails = z.infer<typeof ImageBuildDetails>;

export const ImageBuildAccepted = z
  .object({
    id: z.string(),
    provider: z.string(),
    joined: z.boolean().meta({ description: 'Whether this build was under way already; there is one at a time.' }),
    message: z.string(),
  })
  .meta({ id: 'ImageBuildAccepted' });
export type ImageBuildAccepted = z.infer<typeof ImageBuildAccepted>;
