/** Images in prompts, as zod schemas; each schema and its type share one name. */
import { z } from 'zod';

/** What each type begins with; `null` stands for any byte. */
const signatures = {
  'image/jpeg': [0xff, 0xd8, 0xff],
  'image/png': [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a],
  'image/gif': [0x47, 0x49, 0x46, 0x38],
  'image/webp': [0x52, 0x49, 0x46, 0x46, null, null, null, null, 0x57, 0x45, 0x42, 0x50],
} as const;

type ImageType = keyof typeof signatures;
const imageTypes = Object.keys(signatures) as [ImageType, ...ImageType[]];

/** The most that models take. */
const maxImageBytes = 5 * 1024 * 1024;

/** Enough of a text in base64 for the longest signature. */
const signatureCharacters = 16;

/** An image that is what it says, and not larger than a model takes. */
export const ImageSource = z
  .object({
    type: z.literal('base64'),
    media_type: z.enum(imageTypes),
    data: z
      .base64({ abort: true })
      .min(1)
      .refine((data) => bytesOf(data) <= maxImageBytes, `an image may have ${maxImageBytes} bytes`),
  })
  .refine(({ media_type, data }) => isOfType(data, media_type), {
    path: ['data'],
    message: 'does not begin as an image of its media_type does',
  });

function bytesOf(base64: string): number {
  const padding = base64.endsWith('==') ? 2 : base64.endsWith('=') ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

function isOfType(base64: string, type: ImageType): boolean {
  const start = atob(base64.slice(0, signatureCharacters));
  return signatures[type].every((byte, index) => byte === null || byte === start.charCodeAt(index));
}
