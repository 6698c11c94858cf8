/** Matérn-5/2 correlation at squared scaled distance r², and its derivative with respect to log ℓ per unit of (Δ/ℓ)². */
export interface Correlation {
  readonly value: number;
  readonly slope: number;
}

/** k(r) = (1 + √5·r + 5/3·r²)·exp(−√5·r); ∂k/∂log ℓ_d = slope·(Δ_d/ℓ_d)² (Rasmussen and Williams 2006, eq. 4.17). */
export function matern52(squaredDistance: number): Correlation {
  const scaled = Math.sqrt(5 * squaredDistance);
  const decay = Math.exp(-scaled);
  return { value: (1 + scaled + (5 / 3) * squaredDistance) * decay, slope: (5 / 3) * (1 + scaled) * decay };
}
