const HALF_LOG_2PI = 0.5 * Math.log(2 * Math.PI);

/**
 * The logarithm of the expected improvement of a normal prediction over `best` (lower is better), computed so that it
 * stays finite and ordered where the plain value underflows to 0 (Ament et al. 2023, "Unexpected improvements to
 * expected improvement").
 */
export function logExpectedImprovement(mean: number, deviation: number, best: number): number {
  return Math.log(deviation) + logH((best - mean) / deviation);
}

/** The chance, in [0, 1], that a normal prediction comes out below `best`. */
export function probabilityOfImprovement(mean: number, deviation: number, best: number): number {
  return 0.5 * erfc(((mean - best) / deviation) * Math.SQRT1_2);
}

/** log(φ(z) + z·Φ(z)). */
function logH(z: number): number {
  const logDensity = -0.5 * z * z - HALF_LOG_2PI;
  if (z > -1) return Math.log(Math.exp(logDensity) + z * 0.5 * erfc(-z * Math.SQRT1_2));
  if (z < -40) return logDensity - 2 * Math.log(-z); // where 1 − the ratio below loses its digits
  const millsRatio = 0.5 * scaledErfc(-z * Math.SQRT1_2) * Math.exp(HALF_LOG_2PI);
  return logDensity + Math.log1p(z * millsRatio);
}

function erfc(x: number): number {
  return x >= 0 ? scaledErfc(x) * Math.exp(-x * x) : 2 - scaledErfc(-x) * Math.exp(-x * x);
}

const ERFC_COEFFICIENTS = [
  -1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223,
  0.17087277,
];

/** exp(x²)·erfc(x) for x ≥ 0, to a relative 1.2e-7 (Press et al., Numerical Recipes, §6.2). */
function scaledErfc(x: number): number {
  const t = 1 / (1 + 0.5 * x);
  return t * Math.exp(ERFC_COEFFICIENTS.reduceRight((sum, coefficient) => coefficient + t * sum, 0));
}
