import { readFileSync } from 'node:fs';
import { parse } from 'yaml';
import { z } from 'zod';
import type { Price, Rates } from '../study/price.ts';

const usd = z.number().min(0);

/** A price as agenthpo.yaml gives one, in US dollars for a million tokens. */
export const priceSchema = z.strictObject({ input: usd, cached_input: usd.optional(), output: usd });

const listSchema = z.record(z.string(), priceSchema.extend({ seen: z.iso.date(), source: z.url() }));

export type PriceList = Readonly<Record<string, z.infer<typeof priceSchema>>>;

/** A model as the user names it, and the server that its prompts go to. */
export interface PricedModel {
  /** `openai:gpt-5-mini`, `offline`. */
  readonly name: string;
  /** null: the provider’s own, or none. */
  readonly endpoint: string | null;
}

/** Programs that serve a model on the user’s own machine, whatever their address. */
const OWN_SERVERS = ['ollama', 'vllm', 'llamacpp', 'lmstudio'];

/** Whose listed prices hold where. */
const HOSTS: Readonly<Record<string, string>> = {
  anthropic: 'api.anthropic.com',
  openai: 'api.openai.com',
  openrouter: 'openrouter.ai',
};

/** A version’s date behind a model’s name: `-2025-08-07`, `-20250929`; or the word for the newest. */
const VERSION = /-(\d{4}-\d{2}-\d{2}|\d{8}|latest)$/;

/**
 * What a model’s tokens cost: what the user’s `own` list says, else nothing for a model on this machine, else what
 * prices.yaml says of the provider’s own server. Names match whole, with or without a version’s date.
 */
export function findPrice({ name, endpoint }: PricedModel, own: PriceList): Price {
  if (name === 'offline') return { kind: 'free', why: 'it is embedded' };
  const stated = entryOf(own, name);
  if (stated !== undefined) return stated;
  const [provider = ''] = name.split(':');
  if (OWN_SERVERS.includes(provider)) return { kind: 'free', why: `${provider} runs on a machine of yours` };
  const host = endpoint === null ? HOSTS[provider] : hostOf(endpoint);
  if (host !== undefined && isLoopback(host)) return { kind: 'free', why: 'its server is on this machine' };
  const isProviders = host !== undefined && host === HOSTS[provider];
  return (isProviders ? entryOf(listedPrices(), name) : undefined) ?? { kind: 'unknown' };
}

/** The prices that come with agenthpo. */
export function listedPrices(): z.infer<typeof listSchema> {
  return listSchema.parse(parse(readFileSync(new URL('./prices.yaml', import.meta.url), 'utf8')));
}

function entryOf(list: PriceList, name: string): Price | undefined {
  const key = [name, name.replace(VERSION, '')].find((each) => Object.hasOwn(list, each));
  const entry = key === undefined ? undefined : list[key];
  return entry && { kind: 'priced', rates: toRates(entry) };
}

function toRates({ input, cached_input: cachedInput, output }: z.infer<typeof priceSchema>): Rates {
  return { input, output, ...(cachedInput !== undefined && { cachedInput }) };
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname : '';
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '[::1]' || /^127(\.\d{1,3}){3}$/.test(host);
}
