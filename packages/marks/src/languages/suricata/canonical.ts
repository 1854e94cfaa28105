import { isNeutral, listPieces } from './containers.ts'
import { parseRules } from './rules.ts'

/**
 * One line per rule that all copies share: detection options in their order, then the neutral ones sorted, lists inside `metadata` and `flow`
 * sorted. Comments and layout are not part of it.
 */
export function canonicalRules(text: string): string {
  return parseRules(text)
    .rules.map((rule) => {
      const options = rule.options.map((option) => {
        const isList = option.name === 'metadata' || option.name === 'flow'
        const items = isList ? listPieces(text, option).map((piece) => piece.key) : []
        return { neutral: isNeutral(option), text: spell(option.name, isList ? items.sort().join(',') : option.value) }
      })
      const detection = options.filter((option) => !option.neutral).map((option) => option.text)
      const neutral = options.filter((option) => option.neutral).map((option) => option.text)
      return JSON.stringify([rule.header, detection, neutral.sort()])
    })
    .join('\n')
}

function spell(name: string, value: string | null): string {
  return value === null ? name : `${name}:${value}`
}
