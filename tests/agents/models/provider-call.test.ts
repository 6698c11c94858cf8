import { expect, test } from 'vitest';
import { toModelFault } from '../../../agents/model-fault.ts';
import { createProviderFetch, withinProviderCall } from '../../../agents/models/provider-call.ts';
import { startFakeOpenAi } from '../../fixtures/fake-openai.ts';

test('a reply that a provider’s client cannot read is said to be none of that provider’s', async () => {
  await using server = await startFakeOpenAi([{ kind: 'html' }]);
  const ask = createProviderFetch(fetch);
  const client = async () => await (await ask(`${server.baseUrl}/messages`, { method: 'POST', body: '{}' })).json();
  const failed = await withinProviderCall({ signal: undefined, fetch: undefined }, client).catch((error) => error);
  expect(toModelFault(failed)).toMatchObject({
    isPassing: true,
    fate: 'unknown',
    what: 'the reply is not in the format of its provider',
  });
});
