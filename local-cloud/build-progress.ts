/** What an image build says, in words that stay useful: its own lines fall silent for minutes in a long step. */

/** Hands on each line with the image and the step it belongs to. */
export function withStep(image: string, progress: (line: string) => void): (line: string) => void {
  let step = '';
  return (line) => {
    const [, number, total, instruction] = /^Step (\d+)\/(\d+) : (.*)/.exec(line) ?? [];
    if (number !== undefined) step = `step ${number} of ${total}`;
    const words = (instruction ?? line).trim();
    if (words !== '') progress(`building the ${image} image, ${step}: ${words}`);
  };
}
