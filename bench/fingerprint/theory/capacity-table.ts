import type { BiasFamily } from '@sigillo/fingerprint/law'
import { markdownTable } from '../markdown.ts'
import { lawOf } from './information.ts'
import type { Information } from './information.ts'
import { worstAttack } from './worst-attack.ts'

const FAMILIES: readonly BiasFamily[] = ['HALF', 'JOINT6', 'GL6', 'GL8']
const QUANTITIES: readonly (keyof Information)[] = ['single', 'joint', 'conditional']

/** What the worst attack on each quantity leaves of it, in nats per site, and that attack (theta_1 .. theta_{c-1}). */
export function capacityTable(): string {
  const rows = FAMILIES.flatMap((family) =>
    [1, 2, 3, 4, 5, 6].map((leakers) => [
      family,
      String(leakers),
      ...QUANTITIES.flatMap((quantity) => {
        const { theta, information } = worstAttack(lawOf(family), leakers, quantity)
        const inside = theta.slice(1, -1).map((value) => value.toFixed(2))
        return [Math.abs(information[quantity]).toFixed(4), inside.join(' ')]
      }),
    ]),
  )
  return markdownTable(['law', 'c', ...QUANTITIES.flatMap((quantity) => [quantity, 'by theta'])], rows)
}
