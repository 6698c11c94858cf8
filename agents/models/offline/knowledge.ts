import type { Hyperparameter, Hyperparameters } from '../../../study/hyperparameter.ts';
import type { SearchSpace } from '../../../study/search-space.ts';

/**
 * What is generally known about a hyperparameter, without having seen the task: values that usually work (`usual`, both
 * ends inclusive, about one standard deviation), that more of it usually helps (`more`), or how often each choice is a good
 * one (`choices`, relative weights; a choice that is not listed counts 1).
 */
export type Belief =
  | { readonly kind: 'usual'; readonly low: number; readonly high: number; readonly rule: string }
  | { readonly kind: 'more'; readonly rule: string }
  | { readonly kind: 'choices'; readonly weights: Readonly<Record<string, number>>; readonly rule: string };

/** A configuration in its space: what is usual for one value depends on the others (SGD and Adam need different rates). */
export interface Context {
  readonly space: SearchSpace;
  readonly values: Hyperparameters;
}

interface Entry {
  /** The names it is known by, in lower case without separators. */
  readonly names: RegExp;
  readonly believe: (context: Context, parameter: Hyperparameter) => Belief | undefined;
}

/** The general rule for a parameter under the other values; undefined when nothing is known about one of that name. */
export function beliefAbout(parameter: Hyperparameter, context: Context): Belief | undefined {
  const name = plain(parameter.name);
  return ENTRIES.find(({ names }) => names.test(name))?.believe(context, parameter);
}

const LEARNING_RATE = /^(base|initial|init|peak|max)?(learningrate|lr|stepsize|eta)(init)?$/;

const ENTRIES: readonly Entry[] = [
  { names: LEARNING_RATE, believe: learningRate },
  // Sutskever et al. 2013, "On the importance of initialization and momentum"; He et al. 2016 train with 0.9.
  {
    names: /^(nesterov|sgd)?momentum$/,
    believe: ({ space }) => (isNetwork(space) ? usual(0.85, 0.95, 'momentum of SGD is usually about 0.9') : undefined),
  },
  // Kingma and Ba 2015, algorithm 1.
  { names: /^(adam)?beta1$/, believe: () => usual(0.88, 0.95, 'Adam’s β₁ is usually about 0.9') },
  { names: /^(adam)?beta2$/, believe: () => usual(0.98, 0.999, 'Adam’s β₂ is usually 0.98…0.999') },
  // Bengio 2012, §3.2 (small L2 on top of early stopping); Godbole et al. 2023, "Deep Learning Tuning Playbook".
  {
    names: /^(weightdecay|wd|l2|l2reg|l2regularization|l2penalty|regularization|alpha)$/,
    believe: () => usual(1e-5, 1e-3, 'weight decay is usually 1e-5…1e-3'),
  },
  // Srivastava et al. 2014: 0.5 for wide hidden layers, 0.2 near the input; less in small networks.
  { names: /dropout/, believe: () => usual(0.1, 0.4, 'dropout is usually 0.1…0.4') },
  // Masters and Luschi 2018, "Revisiting small batch training": best between 2 and 32; Bengio 2012: 32.
  {
    names: /^(train|mini)?batch(size)?$/,
    believe: () => usual(16, 64, 'small batches (16…64) usually generalise best'),
  },
  // Bengio 2012, §3.2: a layer that is too wide costs time and little else; one that is too narrow costs accuracy.
  {
    names:
      /^(hidden(layer)?(size|units|dim|width|channels|features)?|(layer|network|model)?width|(num|n)?(units|neurons|filters|channels)|embed(ding)?dim|dmodel)$/,
    believe: () => more('wider layers usually do no worse'),
  },
  // Probst, Boulesteix and Bischl 2019, "Tunability"; more members of an ensemble reduce variance (Breiman 2001).
  {
    names: /^(nestimators|numtrees|ntrees|numboostround|numround|nrounds)$/,
    believe: () => more('more trees usually do no worse'),
  },
  {
    names: /^(num|n)?(hidden)?layers$|^(num|n)blocks$/,
    believe: () => usual(1, 3, 'small networks usually have 1…3 hidden layers'),
  },
  // Bengio 2012, §3.1: training length is the cheapest parameter to set high; the validation curve says when it is too long.
  {
    names: /^(max|num|n|train|training)?(epochs?|iterations?|iter|steps)$/,
    believe: () => more('longer training usually helps until the validation curve turns'),
  },
  // Glorot et al. 2011; Hendrycks and Gimpel 2016: rectifiers and their smooth relatives train better than sigmoids.
  {
    names: /^(hidden)?(activation|nonlinearity)(function)?$/,
    believe: () =>
      choices(
        {
          relu: 3,
          gelu: 3,
          silu: 3,
          swish: 3,
          elu: 2,
          selu: 2,
          leakyrelu: 3,
          tanh: 2,
          sigmoid: 0.4,
          logistic: 0.4,
          identity: 0.2,
          linear: 0.2,
        },
        'rectifiers such as ReLU usually train best',
      ),
  },
  // Schmidt et al. 2021, "Descending through a crowded valley": Adam is a good choice untuned, tuned SGD seldom far behind.
  {
    names: /^(optimi[sz]er|solver)(name|type)?$/,
    believe: () =>
      choices(
        { adam: 3, adamw: 3, nadam: 3, rmsprop: 2, sgd: 1.5, adagrad: 1, adadelta: 0.5 },
        'Adam usually works well untuned',
      ),
  },
  // Friedman 2001; Probst et al. 2019: shallow trees when boosted, deep ones when averaged.
  {
    names: /^(max|tree)depth$/,
    believe: ({ space }) =>
      isBoosting(space)
        ? usual(3, 8, 'boosted trees are usually 3…8 deep')
        : usual(8, 30, 'averaged trees are usually grown deep'),
  },
  { names: /^(numleaves|maxleafnodes)$/, believe: () => usual(15, 127, 'boosted trees usually have 15…127 leaves') },
  // Friedman 2002, "Stochastic gradient boosting"; Probst et al. 2019.
  { names: /^(subsample|baggingfraction)$/, believe: () => usual(0.6, 0.95, 'row sampling is usually 0.6…0.95') },
  { names: /^(colsample.*|featurefraction)$/, believe: () => usual(0.5, 0.95, 'column sampling is usually 0.5…0.95') },
  // van Rijn and Hutter 2018, "Hyperparameter importance across datasets": small leaves, few features at a split.
  { names: /^(minsamplesleaf|minchildweight)$/, believe: () => usual(1, 5, 'small leaves (1…5) usually work best') },
  { names: /^minsamplessplit$/, believe: () => usual(2, 8, 'splits of small nodes (2…8) usually work best') },
  {
    names: /^maxfeatures$/,
    believe: (_, { type }) =>
      type === 'categorical'
        ? choices({ sqrt: 3, log2: 2 }, 'about √features at a split usually works best')
        : usual(0.2, 0.6, 'a fraction of 0.2…0.6 of the features usually works best'),
  },
  // Hsu, Chang and Lin 2003, "A practical guide to support vector classification"; van Rijn and Hutter 2018.
  { names: /^(svm|svc)?c$/, believe: () => usual(0.5, 100, 'C is usually 0.5…100') },
  { names: /^(svm|svc|rbf)?gamma$/, believe: () => usual(1e-3, 1e-1, 'γ of a radial kernel is usually 1e-3…0.1') },
  {
    names: /^kernel$/,
    believe: () => choices({ rbf: 3, poly: 1, linear: 1, sigmoid: 0.3 }, 'radial kernels usually work best'),
  },
  // Szegedy et al. 2016, §7; Müller et al. 2019.
  { names: /^labelsmoothing$/, believe: () => usual(0, 0.1, 'label smoothing is usually 0…0.1') },
  // Pascanu et al. 2013.
  {
    names: /^(grad(ient)?clip(norm|ping)?|clipnorm|maxgradnorm)$/,
    believe: () => usual(0.5, 5, 'gradients are usually clipped at a norm of 0.5…5'),
  },
  { names: /^(nneighbou?rs|k)$/, believe: () => usual(3, 15, 'usually 3…15 neighbours') },
];

/**
 * Adam: Kingma and Ba 2015, algorithm 1 (1e-3). SGD: He et al. 2016 (0.1 with momentum), Bengio 2012, §3.1 (0.01 without).
 * Gradient descent outside of networks: it depends on the largest curvature, which nobody knows beforehand (Nesterov 2004, §2.1).
 * Boosting: Friedman 2001 (below 0.1), XGBoost’s default 0.3.
 */
function learningRate({ space, values }: Context, parameter: Hyperparameter): Belief | undefined {
  if (isBoosting(space)) return usual(0.03, 0.2, 'the shrinkage of boosted trees is usually 0.03…0.2');
  const optimizer = optimizerOf(space, values) ?? optimizersIn(parameter.description ?? '');
  if (/adagrad/.test(optimizer)) return usual(0.005, 0.1, 'Adagrad’s usual learning rate is 0.005…0.1');
  if (/(adam|rmsprop|lamb|lion)/.test(optimizer))
    return usual(5e-4, 5e-3, 'the usual learning rate of Adam and its relatives is 5e-4…5e-3');
  if (/sgd|gradientdescent/.test(optimizer) || space.names.some((name) => plain(name) === 'momentum'))
    return isNetwork(space) ? usual(0.02, 0.2, 'the usual learning rate of SGD with momentum is 0.02…0.2') : undefined;
  return usual(1e-3, 3e-2, 'learning rates are usually 1e-3…0.03 when nothing is known about the optimiser');
}

/** Whether the other hyperparameters are those of a network, whose layers are usually scaled so that the usual rates fit. */
function isNetwork(space: SearchSpace): boolean {
  return space.names.some((name) =>
    /batch|epoch|layer|unit|hidden|width|dropout|activation|optimi[sz]er/.test(plain(name)),
  );
}

function optimizerOf(space: SearchSpace, values: Hyperparameters): string | undefined {
  const parameter = space.parameters.find(({ name }) => /^(optimi[sz]er|solver)/.test(plain(name)));
  const value = parameter === undefined ? undefined : values[parameter.name];
  return value === undefined ? undefined : plain(String(value));
}

/** As whole words: “a million steps” names no Lion, “lambda” no LAMB. */
function optimizersIn(description: string): string {
  const words = description.matchAll(/\b(adagrad|[nr]?adamw?|adamax|rmsprop|lamb|lion|sgd|gradient[ -]descent)\b/gi);
  return Array.from(words, ([word]) => plain(word)).join(' ');
}

function isBoosting(space: SearchSpace): boolean {
  const names = space.names.map(plain);
  const hasTrees = names.some((name) =>
    /^(nestimators|numboostround|maxdepth|numleaves|ntrees|numtrees|l2leafreg)$/.test(name),
  );
  return hasTrees && names.some((name) => /^(learningrate|lr|eta|shrinkage)$/.test(name));
}

function usual(low: number, high: number, rule: string): Belief {
  return { kind: 'usual', low, high, rule };
}

function more(rule: string): Belief {
  return { kind: 'more', rule };
}

function choices(weights: Readonly<Record<string, number>>, rule: string): Belief {
  return { kind: 'choices', weights, rule };
}

/** `Weight-Decay`, `weight_decay`, `optim.weightDecay` → `weightdecay`. */
export function plain(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}
