/**
 * A monotone change of scale that makes observed losses look normal. Log-losses have a long bad tail (a diverged run is
 * a hundred times worse than the default), which would otherwise be all that the model explains.
 */
export interface OutputWarp {
  /** From a loss to the model’s scale, where the observed losses have mean 0 and variance 1. */
  warp(loss: number): number;
  /** Back to a loss; values beyond what the transform can reach answer its limit. */
  unwarp(warped: number): number;
}

/** The exponents tried; at 1 nothing is bent, below it the bad tail is pressed together. */
const EXPONENTS = [1, 0.5, 0, -0.5, -1, -1.5, -2];

/**
 * The power transform of Yeo and Johnson (2000), exponent by maximum likelihood among a few, around the median in units
 * of the spread of the better half: a robust start that one exploded run cannot move.
 */
export function fitOutputWarp(losses: readonly number[]): OutputWarp {
  const sorted = losses.toSorted((a, b) => a - b);
  const centre = quantile(sorted, 0.5);
  const spread = centre - quantile(sorted, 0.1) || quantile(sorted, 0.9) - centre || Math.abs(centre) || 1;
  const positions = losses.map((loss) => (loss - centre) / spread);
  const exponent = EXPONENTS.map((each) => ({ each, likelihood: logLikelihood(positions, each) })).reduce((a, b) =>
    b.likelihood > a.likelihood ? b : a,
  ).each;
  const bent = positions.map((position) => bend(position, exponent));
  const { mean, deviation } = momentsOf(bent);
  const scale = deviation > 0 ? deviation : 1;
  return {
    warp: (loss) => (bend((loss - centre) / spread, exponent) - mean) / scale,
    unwarp: (warped) => centre + spread * unbend(warped * scale + mean, exponent),
  };
}

function bend(position: number, exponent: number): number {
  if (position >= 0) return exponent === 0 ? Math.log1p(position) : ((1 + position) ** exponent - 1) / exponent;
  const mirrored = 2 - exponent;
  return mirrored === 0 ? -Math.log1p(-position) : -((1 - position) ** mirrored - 1) / mirrored;
}

function unbend(bent: number, exponent: number): number {
  if (bent >= 0) return exponent === 0 ? Math.expm1(bent) : Math.max(1e-9, 1 + exponent * bent) ** (1 / exponent) - 1;
  const mirrored = 2 - exponent;
  return mirrored === 0 ? -Math.expm1(-bent) : 1 - Math.max(1e-9, 1 - mirrored * bent) ** (1 / mirrored);
}

function logLikelihood(positions: readonly number[], exponent: number): number {
  const { deviation } = momentsOf(positions.map((position) => bend(position, exponent)));
  const jacobian = positions.reduce((sum, each) => sum + Math.sign(each) * Math.log1p(Math.abs(each)), 0);
  return -positions.length * Math.log(Math.max(deviation, 1e-12)) + (exponent - 1) * jacobian;
}

function momentsOf(values: readonly number[]): { mean: number; deviation: number } {
  const mean = values.reduce((sum, each) => sum + each, 0) / values.length;
  const variance = values.reduce((sum, each) => sum + (each - mean) ** 2, 0) / values.length;
  return { mean, deviation: Math.sqrt(variance) };
}

function quantile(sorted: readonly number[], share: number): number {
  const position = share * (sorted.length - 1);
  const below = sorted[Math.floor(position)] ?? 0;
  const above = sorted[Math.ceil(position)] ?? below;
  return below + (above - below) * (position - Math.floor(position));
}
