import { average, binaryInformation, lawOf } from './information.ts'
import type { BinaryMerging, Information } from './information.ts'
import { readingLaw } from './merge-law.ts'
import type { Damage } from './merge-law.ts'
import { patternOf } from '../scene.ts'
import type { Setting } from '../scene.ts'
import { uniformInformation } from './uniform-information.ts'

/** Information per embedded site of a setting's code against its attack. */
export function informationOf(setting: Setting): Information {
  const pattern = patternOf(setting.code)
  return average(
    pattern.map(({ q, family }) => ({
      share: 1 / pattern.length,
      value:
        q === 2
          ? binaryInformation(lawOf(family), binaryMerging(setting.leakers, setting))
          : uniformInformation(q, setting.leakers, setting),
    })),
  )
}

/** Marks at which the mean information reaches ln(N/alpha), for each quantity. */
export function marksFor(information: Information, recipients: number, alpha: number): Information {
  const nats = Math.log(recipients / alpha)
  return {
    single: nats / information.single,
    joint: nats / information.joint,
    conditional: nats / information.conditional,
  }
}

function binaryMerging(leakers: number, damage: Damage): BinaryMerging {
  return Array.from({ length: leakers + 1 }, (_, k) => {
    const held = Array.from({ length: leakers }, (_, j) => (j < k ? 1 : 0))
    const [zero, one, lost] = readingLaw(held, 2, damage)
    return [zero!, one!, lost!]
  })
}
