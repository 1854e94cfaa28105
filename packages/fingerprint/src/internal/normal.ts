/** Standard normal distribution function by the logistic approximation of Bowling et al. (2009), error under 2e-4. */
export function normal(z: number): number {
  return 1 / (1 + Math.exp(-(CUBE * z ** 3 + LINE * z)))
}

/** The inverse of `normal`, for 0 < u < 1: the one real root of its cubic, by Cardano. */
export function quantile(u: number): number {
  const half = Math.log(u / (1 - u)) / (2 * CUBE)
  const third = LINE / (3 * CUBE)
  const root = Math.sqrt(half * half + third ** 3)
  return Math.cbrt(half + root) + Math.cbrt(half - root)
}

const CUBE = 0.07056
const LINE = 1.5976
