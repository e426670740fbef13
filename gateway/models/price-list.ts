/**
 * Standard prices in US dollars per million tokens, as read on 2026-11-21 from the providers' own pages:
 * https://platform.claude.com/docs/en/about-claude/pricing, https://developers.openai.com/api/docs/pricing and
 * https://ai.google.dev/gemini-api/docs/pricing. Searches and other tools that providers bill by the call are not in it.
 * `MODEL_PRICES` adds what is missing, and corrects what has changed.
 */
import type { ModelPrice } from '../../config/settings/gateway.ts';

/** Claude: writing to the cache costs a quarter more than input, for an hour twice as much as input. */
function claude(input: number, output: number, cacheRead: number): ModelPrice {
  return { input, output, cacheRead, cacheWrite: input * 1.25, cacheWriteLong: input * 2 };
}

/** GPT: above 272,000 tokens of prompt, input costs twice as much and output half as much again, for the whole call. */
function gpt(input: number, cacheRead: number, output: number, cacheWrite = input): ModelPrice {
  const longPrompt = {
    aboveTokens: 272_000,
    ...{ input: input * 2, output: output * 1.5, cacheRead: cacheRead * 2, cacheWrite: cacheWrite * 2 },
  };
  return { input, output, cacheRead, cacheWrite, longPrompt };
}

export const priceList: Readonly<Record<string, ModelPrice>> = {
  'claude-fable-5-1': claude(10, 50, 0.25),
  'claude-fable-5': claude(10, 50, 1),
  'claude-opus-5-5': claude(4, 20, 0.2),
  'claude-opus-5': claude(5, 25, 0.5),
  'claude-opus-4-8': claude(5, 25, 0.5),
  'claude-opus-4-7': claude(5, 25, 0.5),
  'claude-opus-4-6': claude(5, 25, 0.5),
  'claude-opus-4-5': claude(5, 25, 0.5),
  'claude-opus-4-1': claude(15, 75, 1.5),
  'claude-sonnet-5-5': claude(2, 10, 0.1),
  'claude-sonnet-5': claude(2, 10, 0.2),
  'claude-sonnet-4-6': claude(3, 15, 0.3),
  'claude-sonnet-4-5': claude(3, 15, 0.3),
  'claude-haiku-5-5': {
    ...claude(0.1, 0.5, 0.01),
    longPrompt: { aboveTokens: 100_000, ...claude(0.5, 2.5, 0.05) },
  },
  'claude-haiku-4-5': claude(1, 5, 0.1),

  'gpt-6.1-sol': gpt(2, 0.1, 10, 2.5),
  'gpt-6-astra': gpt(10, 1, 50, 12.5),
  'gpt-6-sol': gpt(2, 0.2, 10, 2.5),
  'gpt-6-luna': gpt(0.1, 0.01, 0.5, 0.125),
  'gpt-5.6-sol': gpt(4, 0.4, 20),
  'gpt-5.6-terra': gpt(2, 0.2, 12),
  'gpt-5.6-luna': gpt(0.2, 0.02, 1.2),
  'gpt-5.5': gpt(5, 0.5, 30),
  'gpt-5.4': gpt(2.5, 0.25, 15),
  'gpt-5.4-mini': { input: 0.75, cacheRead: 0.075, output: 4.5 },

  'gemini-3.8-flash': { input: 0.75, cacheRead: 0.075, output: 3.75 },
  'gemini-2.5-pro': {
    ...{ input: 1.25, cacheRead: 0.125, output: 10 },
    longPrompt: { aboveTokens: 200_000, input: 2.5, cacheRead: 0.25, output: 15 },
  },
  'gemini-2.5-flash': { input: 0.3, cacheRead: 0.03, output: 2.5 },
  'gemini-2.5-flash-lite': { input: 0.1, cacheRead: 0.01, output: 0.4 },
};
