import type { PeerScore } from './peer.ts'

/**
 * The symmetric Tardos score: sqrt((1-r)/r) for a match at a site where an innocent matches with chance r, -sqrt(r/(1-r)) otherwise, so that
 * an innocent copy has mean 0 and variance 1 per readable site. Accuses above sqrt(m) * Q^-1(alpha/N), as if the sum were Gaussian.
 * (Skoric, Vladimirova, Celik, Talstra: Tardos fingerprinting is better than we thought, IEEE TIT 2008, cs/0607131.)
 */
export const symmetricTardos: PeerScore = {
  name: 'symmetric Tardos score, Gaussian threshold',
  match: (r) => Math.sqrt((1 - r) / r),
  mismatch: (r) => -Math.sqrt(r / (1 - r)),
  variance: () => 1,
}
