import type { Desk } from './context.ts'
import { tracesOf } from './trace-record.ts'

/**
 * Which look at its case a reading is: 1 for the first trace of the case, and so on. A reading that was tested before is the same test again, so it keeps its number
 * and costs nothing more.
 * @param readingHash as the blind reading of that distribution has it
 */
export async function lookAt(desk: Desk, caseId: string, readingHash: string): Promise<number> {
  const earlier = await tracesOf(desk, caseId)
  const same = earlier.findIndex(({ parts }) => parts.some((part) => part.readingHash === readingHash))
  return (same < 0 ? earlier.length : same) + 1
}

/**
 * The part of a case's error budget that its k-th look may spend: 6 / (pi^2 k^2). All looks together spend no more than the whole, however many there will be
 * (fingerprinting.md section 5.6).
 */
export function shareOfLook(look: number): number {
  return 6 / (Math.PI ** 2 * look ** 2)
}
