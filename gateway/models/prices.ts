/** What a call costs. */
import type { ModelPrice } from '../../config/settings/gateway.ts';
import type { UsedTokens } from './model-api.ts';
import { priceList } from './price-list.ts';

/** A model's price, if it is known. */
export type PriceOf = (model: string) => ModelPrice | undefined;

/** Looks prices up by a model's name, or by its name without a date: `claude-opus-5-20260724` is `claude-opus-5`. */
export function createPrices(own: Readonly<Record<string, ModelPrice>>): PriceOf {
  const prices = new Map(Object.entries({ ...priceList, ...own }));
  return (model) => prices.get(model) ?? prices.get(model.replace(/-(\d{8}|\d{4}-\d\d-\d\d|latest)$/, ''));
}

/** The call's cost in millionths of a US dollar: dollars per million tokens are just that per token. */
export function costMicros(price: ModelPrice, tokens: UsedTokens): number {
  const prompt = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  const { longPrompt } = price;
  const rates = longPrompt && prompt > longPrompt.aboveTokens ? longPrompt : price;
  const { cacheRead = rates.input, cacheWrite = rates.input, cacheWriteLong = cacheWrite } = rates;
  return Math.round(
    tokens.input * rates.input +
      tokens.output * rates.output +
      tokens.cacheRead * cacheRead +
      (tokens.cacheWrite - tokens.cacheWriteLong) * cacheWrite +
      tokens.cacheWriteLong * cacheWriteLong,
  );
}
