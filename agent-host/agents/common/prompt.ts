/** A prompt, for agents that take text and files rather than blocks. */
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { ContentBlock } from '../../job.ts';

/** All text of a prompt. */
export function textOf(prompt: ContentBlock[]): string {
  return prompt.flatMap((block) => (block.type === 'text' ? [block.text] : [])).join('\n\n');
}

/** Writes the images of a prompt to files below `home` and returns their paths, in order. */
export async function saveImages(prompt: ContentBlock[], home: string): Promise<string[]> {
  const folder = path.join(home, 'prompt');
  await mkdir(folder, { recursive: true });
  const images = prompt.filter((block) => block.type === 'image');
  return Promise.all(
    images.map(async ({ source }, index) => {
      const file = path.join(folder, `image-${index + 1}.${source.media_type.replace(/^image\//, '')}`);
      await writeFile(file, Buffer.from(source.data, 'base64'));
      return file;
    }),
  );
}
