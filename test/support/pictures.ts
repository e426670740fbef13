/** The beginnings of pictures, in base64: enough for whoever looks at no more. */
export const png = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0, 0, 0, 0]).toString('base64');
export const gif = Buffer.from('GIF89a______').toString('base64');

/** A block of a prompt with this picture. */
export function picture(data: string, mediaType = 'image/png'): object {
  return { type: 'image', source: { type: 'base64', media_type: mediaType, data } };
}

/** A PNG of so many bytes. */
export function pngOf(bytes: number): string {
  const data = Buffer.alloc(bytes);
  Buffer.from(png, 'base64').copy(data);
  return data.toString('base64');
}
