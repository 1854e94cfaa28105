import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import type { MarksRow } from './marks-needed.ts'
import type { Code } from './scene.ts'

/** Marks for 50, 95 and 99 % that decoder J was asked not to exceed (N = 100); null: not asked. From the project's first simulator, +-5 %. */
type Goal = readonly [number | null, number | null, number | null]

/** At 1e-6 and at 1e-9. */
const GOALS: readonly (readonly [Code, number, Attack, number, Goal, Goal])[] = [
  ['GL6', 1, 'interleave', 0, [43, 60, 64], [59, 76, 88]],
  ['GL6', 2, 'interleave', 0, [106, 144, 159], [148, 190, 221]],
  ['HALF', 2, 'interleave', 0, [79, 95, 96], [111, 129, 141]],
  ['GL6', 2, 'all-ones', 0, [79, 105, 112], [110, 152, 160]],
  ['GL6', 3, 'interleave', 0, [185, 253, 278], [253, 343, 383]],
  ['GL6', 3, 'majority', 0, [114, 155, 160], [152, 208, 224]],
  ['GL6', 3, 'minority', 0, [96, 96, 128], [96, 96, 128]],
  ['GL6', 3, 'coin', 0, [165, 221, 260], [212, 290, null]],
  ['GL6', 4, 'interleave', 0, [327, 435, 520], [420, 600, null]],
  ['GL6', 4, 'wca', 0, [240, 325, 384], [330, 440, null]],
  ['GL6', 4, 'minority', 0, [192, 192, 210], [192, 192, 256]],
  ['GL6', 4, 'coin', 0, [256, 360, 384], [310, 400, 512]],
  ['GL6', 5, 'interleave', 0, [440, 610, 690], [603, 790, null]],
  ['GL6', 5, 'wca', 0, [384, 512, 512], [512, 512, 512]],
  ['GL6', 1, 'interleave', 0.05, [58, 90, 105], [78, 120, null]],
  ['GL6', 2, 'interleave', 0.05, [157, 245, null], [225, null, null]],
  ['GL6', 3, 'interleave', 0.05, [305, 430, null], [null, null, null]],
  ['GL6', 3, 'majority', 0.05, [154, 247, 290], [215, 312, 325]],
]

/** The goal for a row; null when there is none. */
export function goalOf({ code, leakers, attack, misread, alpha, recipients, erased, goal }: MarksRow): Goal | null {
  if (recipients !== 100 || erased !== 0 || goal !== 'one') return null
  const found = GOALS.find(
    (each) => each[0] === code && each[1] === leakers && each[2] === attack && each[3] === misread,
  )
  if (found === undefined) return null
  return alpha === 1e-6 ? found[4] : found[5]
}
