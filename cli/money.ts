import { findPrice, type PricedModel } from '../configs/prices.ts';
import type { Settings } from '../configs/schema.ts';
import { AgentHpoError } from '../study/errors.ts';
import type { Price } from '../study/price.ts';

/** What a study may cost where the user said nothing, in US dollars. */
const DEFAULT_MAX_USD = 1;

/** A model that takes part in a study, with its price. */
export interface PricedRole {
  readonly model: PricedModel;
  readonly price: Price;
}

export function priceModels(models: readonly PricedModel[], { prices }: Pick<Settings, 'prices'>): PricedRole[] {
  return models.map((model) => ({ model, price: findPrice(model, prices) }));
}

/**
 * The most that a study may cost, in US dollars; undefined for no limit. `auto` is one dollar where a price is known.
 * Throws `settings-invalid` for a limit that cannot be kept, because what it limits has no known price.
 */
export function moneyLimit(maxCost: Settings['max_cost'], models: readonly PricedRole[]): number | undefined {
  if (maxCost === null) return undefined;
  if (maxCost === 'auto') return models.some(({ price }) => price.kind === 'priced') ? DEFAULT_MAX_USD : undefined;
  const unknown = models.find(({ price }) => price.kind === 'unknown');
  if (unknown === undefined) return maxCost;
  const { name } = unknown.model;
  throw new AgentHpoError({
    code: 'settings-invalid',
    message: `A limit of $${maxCost} cannot be kept: the price of ${name} is not known.`,
    hint: `Add it to agenthpo.yaml, in US dollars for a million tokens, such as  prices: { "${name}": { input: 0.25, output: 2 } }  or limit tokens instead: --max-cost null --max-tokens 60000`,
  });
}

/** What is said of prices before a study begins; undefined where nothing costs anything. */
export function describePrices(models: readonly PricedRole[], limitUsd: number | undefined): string | undefined {
  const unknown = models.find(({ price }) => price.kind === 'unknown');
  if (unknown !== undefined)
    return `The price of ${unknown.model.name} is not known: its cost cannot be limited, its tokens can (--max-tokens).`;
  if (models.every(({ price }) => price.kind === 'free')) return undefined;
  return limitUsd === undefined
    ? 'Nothing limits what the study may cost.'
    : `It costs $${limitUsd} at most; --max-cost sets another limit.`;
}
