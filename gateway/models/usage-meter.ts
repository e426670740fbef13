/** Reads what a call used out of the bytes that go by. */
import { createParser } from 'eventsource-parser';
import type { ModelApi, Reading } from './model-api.ts';

/** An answer in one piece is read when it is there; one larger than this is not read, and its use is estimated. */
const largestAnswer = 32 * 1024 ** 2;

export interface UsageMeter {
  /** Looks at the next bytes, without keeping or changing them. */
  feed(chunk: Buffer): void;
  /** There are no more. */
  end(): void;
}

/** A meter for an answer with these headers. `hear` is told of everything that speaks of the call's use. */
export function createUsageMeter(
  api: ModelApi,
  headers: Record<string, string | string[] | undefined>,
  hear: (reading: Reading) => void,
): UsageMeter {
  const type = String(headers['content-type'] ?? '');
  // Asked for none, the endpoint compressed it all the same.
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') return sizeMeter(hear);
  if (type.includes('text/event-stream')) return streamMeter(api, hear);
  return type.includes('json') ? answerMeter(api, hear) : sizeMeter(hear);
}

function streamMeter(api: ModelApi, hear: (reading: Reading) => void): UsageMeter {
  const decoder = new TextDecoder();
  const parser = createParser({
    maxBufferSize: largestAnswer,
    onEvent: ({ data }) => hear(read(api, data)),
    // A message without end: from here on nothing can be read.
    onError: ({ type }) => void (isBroken ||= type === 'max-buffer-size-exceeded'),
  });
  let isBroken = false;
  return {
    feed(chunk) {
      if (isBroken) hear({ characters: chunk.length });
      else parser.feed(decoder.decode(chunk, { stream: true }));
    },
    end: () => parser.reset({ consume: true }),
  };
}

function answerMeter(api: ModelApi, hear: (reading: Reading) => void): UsageMeter {
  const chunks: Buffer[] = [];
  let bytes = 0;
  return {
    feed(chunk) {
      bytes += chunk.length;
      if (bytes <= largestAnswer) chunks.push(chunk);
      else chunks.length = 0;
    },
    end() {
      hear(bytes <= largestAnswer ? read(api, Buffer.concat(chunks).toString('utf8')) : { characters: bytes });
    },
  };
}

function sizeMeter(hear: (reading: Reading) => void): UsageMeter {
  return { feed: ({ length }) => hear({ characters: length }), end: () => undefined };
}

function read(api: ModelApi, text: string): Reading {
  try {
    return api.read(JSON.parse(text));
  } catch {
    return {}; // `[DONE]`, and whatever is no JSON.
  }
}
