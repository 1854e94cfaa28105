/**
 * P(Z >= x) for a standard normal Z: what the textbook decoders take for the chance that an innocent copy scores x standard deviations.
 * Relative error under 1e-12; 0 beyond x = 37. Series below 2, continued fraction above (Abramowitz and Stegun 26.2.10, 26.2.14).
 */
export function normalTail(x: number): number {
  if (x < 0) return 1 - normalTail(-x)
  const density = Math.exp((-x * x) / 2) / Math.sqrt(2 * Math.PI)
  if (x < 2) {
    let term = x
    let sum = x
    for (let k = 1; k < 80; k++) {
      term *= (x * x) / (2 * k + 1)
      sum += term
    }
    return 0.5 - density * sum
  }
  let fraction = x
  for (let k = 200; k >= 1; k--) fraction = x + k / fraction
  return density / fraction
}

/** The x with `normalTail(x)` = p, for p in (0, .5]: the threshold of a Gaussian decoder, in standard deviations. */
export function normalQuantile(p: number): number {
  let low = 0
  let high = 40
  for (let step = 0; step < 80; step++) {
    const middle = (low + high) / 2
    if (normalTail(middle) > p) low = middle
    else high = middle
  }
  return (low + high) / 2
}
