import { markdownTable } from '../markdown.ts'
import { lawOf } from './information.ts'
import type { BiasLaw, Information } from './information.ts'
import { worstAttack } from './worst-attack.ts'

// How JOINT6 was found: of symmetric three-point laws, the joint information that the worst attack leaves, as a multiple of what GL6 keeps.
// Run: node --conditions=@sigillo/source bench/fingerprint/theory/law-search.ts

const LEAKERS = [1, 2, 3, 4, 5, 6]

function threePoint(p: number, middle: number): BiasLaw {
  const side = (1 - middle) / 2
  return [
    { one: p, share: side },
    { one: 0.5, share: middle },
    { one: 1 - p, share: side },
  ]
}

function left(law: BiasLaw, quantity: keyof Information): number[] {
  return LEAKERS.map((leakers) => worstAttack(law, leakers, quantity).information[quantity])
}

const gl6 = left(lawOf('GL6'), 'joint')
const rows = [0.1127, 0.14, 0.16, 0.18, 0.2, 0.22, 0.25].flatMap((p) =>
  [0.15, 0.25, 0.35].map((middle) => {
    const gains = left(threePoint(p, middle), 'joint').map((value, k) => (value / gl6[k]!).toFixed(3))
    return [p.toFixed(2), middle.toFixed(2), ...gains]
  }),
)
process.stdout.write(`${markdownTable(['p', 'weight of 1/2', ...LEAKERS.map((c) => `c = ${c}`)], rows)}\n`)
