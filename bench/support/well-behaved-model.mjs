import { parsePromptBlocks } from '../../dist/agents/prompt-block.js';

/** What tasks/digits/config.yaml holds. */
const DEFAULTS = {
  learning_rate: 0.01,
  optimizer: 'sgd',
  momentum: 0,
  batch_size: 32,
  epochs: 20,
  hidden_layers: 1,
  hidden_units: 32,
  activation: 'relu',
  weight_decay: 0.0001,
};

const SUMMARY =
  'The validation loss fell quickly in the first epochs, then slowly to its end without a plateau; training and validation ' +
  'loss stayed close, so there was no overfitting. The learning rate suits this width, and more epochs may still help a little.';

/**
 * How a model that makes no mistake plays tasks/digits, word for word the same in every run: proposals of three changes
 * with their reasons (in `hybrid` the first candidate as it is), the Executor's four tools, short summaries. Answers `{ text, calls }` to one
 * request; `proposal` counts the proposals from 1; with `callsTogether` the
 * Executor makes two calls a turn, as its prompt allows, else one.
 */
export function answerWell({ messages, tools = [] }, { proposal, callsTogether }) {
  const names = tools.map((tool) => tool.function.name);
  if (names.includes('ProposeTrial'))
    return { text: '', calls: [{ name: 'ProposeTrial', args: next(messages, proposal) }] };
  if (names.includes('ConcludeStudy')) return { text: '', calls: [{ name: 'ConcludeStudy', args: conclude() }] };
  if (names.includes('ExecutePythonFile')) return execute(messages, callsTogether);
  return { text: SUMMARY, calls: [] };
}

/** Where an optimiser offers candidates its first one, else a proposal of its own. */
function next(messages, proposal) {
  const candidates = parsePromptBlocks(messages.findLast(({ role }) => role === 'user').content).get('candidates');
  const { hyperparameters: _values, basedOn: _base, reasons: _reasons, ...words } = propose(proposal);
  return candidates === undefined ? propose(proposal) : { candidate: 1, ...words };
}

/** Three changes to the default; the count makes each proposal a new one. */
function propose(proposal) {
  const learning_rate = Number((0.015 * 10 ** (1.5 * ((proposal * 0.618) % 1))).toPrecision(3));
  const weight_decay = Number((0.00011 * 10 ** (3 * ((proposal * 0.414) % 1))).toPrecision(3));
  const hidden_units = 33 + ((proposal * 7) % 200);
  return {
    basedOn: 'default',
    hyperparameters: { ...DEFAULTS, learning_rate, weight_decay, hidden_units },
    reasons: {
      learning_rate: 'The curve was still falling at its end, so a larger step should get further in the same epochs.',
      weight_decay: 'A little more regularisation, because training and validation loss drift apart late.',
      hidden_units: 'A wider layer has room for the harder digits without a second layer.',
    },
    expects: { outcome: 'better', value: 0.12 },
    intent: proposal % 3 === 0 ? 'exploit' : 'explore',
    rationale: 'A larger step and a wider layer, between what was tried and the best so far.',
  };
}

function execute(messages, callsTogether) {
  const { hyperparameters } = trialOf(messages);
  const steps = [
    { name: 'ReadConfigs', args: {} },
    { name: 'WriteConfigs', args: { hyperparameters } },
    { name: 'ExecutePythonFile', args: {} },
    { name: 'LoadTrainingLogs', args: {} },
  ];
  const called = messages.flatMap(({ tool_calls: made = [] }) => made.map((call) => call.function.name));
  const next = steps.findLastIndex(({ name }) => called.includes(name)) + 1;
  const calls = steps.slice(next, next + (callsTogether ? 2 : 1));
  return { text: calls.length > 0 ? '' : SUMMARY, calls };
}

function trialOf(messages) {
  const prompt = messages.find(({ role }) => role === 'user');
  return parsePromptBlocks(prompt.content).get('trial');
}

function conclude() {
  const influence = 'Moved the loss by less than the noise between trials, as far as these few trials show.';
  return {
    best: 'The widest layer at the largest learning rate that stayed stable; lower by a tenth than the default.',
    influence: Object.fromEntries(Object.keys(DEFAULTS).map((name) => [name, influence])),
    future: 'Refine the learning rate around the best, with more epochs; leave the activation as it is.',
  };
}
