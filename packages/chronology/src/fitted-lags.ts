import type { ExplanationId } from './explanations.ts'
import type { PriorClass } from './priors.ts'

/** A mean delay fitted on the corpus: `seen` is the effective number of waves that carried it (waves count by how probable the explanation is for them). */
export interface FittedLag {
  readonly explanation: ExplanationId
  readonly waves: PriorClass
  readonly meanLagDays: number
  readonly seen: number
}

/** The delays fitted on all cases of `vectors/chronology` (fit-lags.ts); a test computes them again. */
export const FITTED_LAGS: readonly FittedLag[] = [
  { explanation: 'finder-side-leak', waves: 'attack', meanLagDays: 81.2, seen: 0.345 },
  { explanation: 'vendor-side-leak', waves: 'attack', meanLagDays: 58, seen: 0.148 },
  { explanation: 'vendor-accidental-publication', waves: 'attack', meanLagDays: 29.9, seen: 0.0118 },
  { explanation: 'public-commit', waves: 'attack', meanLagDays: 6.66, seen: 2 },
  { explanation: 'patch-diffing', waves: 'attack', meanLagDays: 8.84, seen: 4.41 },
  { explanation: 'public-details', waves: 'attack', meanLagDays: 5.18, seen: 6.85 },
  { explanation: 'partner-leak', waves: 'attack', meanLagDays: 6.4, seen: 0.672 },
  { explanation: 'partner-intrusion', waves: 'attack', meanLagDays: 6.4, seen: 0.672 },
  { explanation: 'partner-accidental-publication', waves: 'attack', meanLagDays: 6.96, seen: 0.0484 },
  { explanation: 'finder-side-leak', waves: 'exposure', meanLagDays: 59.3, seen: 1.1 },
  { explanation: 'vendor-side-leak', waves: 'exposure', meanLagDays: 59.7, seen: 0.0189 },
  { explanation: 'vendor-accidental-publication', waves: 'exposure', meanLagDays: 28.9, seen: 0.171 },
  { explanation: 'public-commit', waves: 'exposure', meanLagDays: 8.57, seen: 0.857 },
  { explanation: 'patch-diffing', waves: 'exposure', meanLagDays: 12.6, seen: 2.41 },
  { explanation: 'public-details', waves: 'exposure', meanLagDays: 3.36, seen: 5.73 },
  { explanation: 'partner-leak', waves: 'exposure', meanLagDays: 6.96, seen: 0.0257 },
  { explanation: 'partner-intrusion', waves: 'exposure', meanLagDays: 6.96, seen: 0.0257 },
  { explanation: 'partner-accidental-publication', waves: 'exposure', meanLagDays: 4.13, seen: 2.13 },
]
