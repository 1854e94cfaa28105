import type { Attack } from '@sigillo/fingerprint/simulate-attacks'
import { markdownTable } from '../markdown.ts'
import { uniformInformation } from './uniform-information.ts'

const SIZES = [4, 8, 16, 64]
const ATTACKS: readonly Attack[] = ['interleave', 'minority', 'halferase', 'erasedet', 'random-alphabet']

/** What named attacks leave of a uniform site with q symbols, in nats: single / joint / conditional. */
export function uniformTable(): string {
  const rows = SIZES.flatMap((q) =>
    [1, 2, 3, 4, 5, 6].map((leakers) => [
      String(q),
      String(leakers),
      ...ATTACKS.map((attack) => {
        const { single, joint, conditional } = uniformInformation(q, leakers, { attack, erased: 0, misread: 0 })
        return [single, joint, conditional].map((nats) => nats.toFixed(3)).join(' / ')
      }),
    ]),
  )
  return markdownTable(['q', 'c', ...ATTACKS], rows)
}
