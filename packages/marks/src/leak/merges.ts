import type { Draw } from '@sigillo/fingerprint/simulate'
import { modelOf } from './edits.ts'
import { functionsOf, joined } from './functions.ts'

// Ways of making one text of several copies by hand. Whatever they leave was in one of them.

/** Blocks of ten lines, each from a copy drawn by lot. */
export function mergedByLines(copies: readonly string[], draw: Draw): string {
  const lines = copies.map((copy) => copy.split('\n'))
  const blocks = Math.ceil(Math.max(...lines.map((all) => all.length)) / 10)
  const taken = Array.from({ length: blocks }, (_, at) => any(lines, draw)?.slice(10 * at, 10 * at + 10) ?? [])
  return taken.flat().join('\n')
}

/** The first copy, each of whose functions comes from a copy drawn by lot; functions are matched by name. */
export async function mergedByFunctions(language: string, copies: readonly string[], draw: Draw): Promise<string> {
  const functions = await Promise.all(
    copies.map(async (copy) => functionsOf(copy, (await modelOf(language, copy)).regions).flat()),
  )
  const [base = ''] = copies
  const changes = (functions[0] ?? []).flatMap((slot) => {
    const from = Math.floor(draw() * copies.length)
    const same = (functions[from] ?? []).filter(({ name }) => name !== '' && name === slot.name)
    return same.length === 1 ? [{ slot, put: copies[from]!.slice(same[0]!.start, same[0]!.end) }] : []
  })
  return joined(base, changes)
}

function any<T>(items: readonly T[], draw: Draw): T | undefined {
  return items[Math.floor(draw() * items.length)]
}
