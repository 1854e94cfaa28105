import type { PeerScore } from './peer.ts'

/**
 * The score of Oosterwijk, Skoric and Doumen (Optimal suspicion functions for Tardos traitor tracing schemes, IH&MMSec 2013): 1/r - 1 for a
 * match, -1 otherwise; the best linear score against interleaving. An innocent copy has mean 0 and, against interleaving, variance q - 1 per
 * site; the usual threshold takes that variance before the leak is seen and the sum for Gaussian.
 */
export const oosterwijk: PeerScore = {
  name: 'Oosterwijk score, Gaussian threshold',
  match: (r) => 1 / r - 1,
  mismatch: () => -1,
  variance: (q) => q - 1,
}
