import { parseCaseFile } from '@sigillo/chronology/case-file'
import { ChronologyError } from '@sigillo/chronology/errors'
import { explainCase } from '@sigillo/chronology/explain'
import type { Claim, ClaimVerdict } from '../claim.ts'
import { firstDifference, toPortable } from '../portable.ts'
import type { DecodedDossier } from './decoded.ts'

/** Reasons again from the case file and compares. */
export function checkChronology(chronology: NonNullable<DecodedDossier['chronology']>, base: ClaimVerdict): Claim {
  const id = 'chronology'
  try {
    const caseFile = parseCaseFile(chronology.caseFile)
    const report = explainCase(caseFile, chronology.options)
    const difference = firstDifference(toPortable(report), chronology.report)
    if (difference !== null)
      return { id, verdict: 'failed', reason: `the explanation, computed again, differs at ${difference}` }
    const waves = report.waves.map((wave) => `${wave.id} ${wave.verdict}`).join(', ')
    return {
      id,
      verdict: base,
      reason: `recomputed from ${caseFile.events.length} dated events: ${waves === '' ? 'no wave' : waves}`,
    }
  } catch (error) {
    if (!(error instanceof ChronologyError)) throw error
    return { id, verdict: 'failed', reason: `the explanation cannot be recomputed: ${error.message}` }
  }
}
