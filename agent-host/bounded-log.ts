/** What an agent prints, within bounds: it is for people who look for a reason, not for keeping. */

type Log = (stream: 'stdout' | 'stderr', text: string) => Promise<void>;

const lineChars = 8 * 1024;
const totalChars = 256 * 1024;

/** Passes lines on, each cut to a length, until together they are too long; then says so once. */
export function boundedLog(log: Log): Log {
  let room = totalChars;
  return async (stream, text) => {
    if (room <= 0) return;
    const line = text.slice(0, lineChars);
    room -= line.length + 1;
    await log(stream, room > 0 ? line : '… the agent prints more than is kept');
  };
}
