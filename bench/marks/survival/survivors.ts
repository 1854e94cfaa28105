import type { Draw } from '@sigillo/fingerprint/simulate'
import { renderFile } from '@sigillo/marks/render'
import { attempt, randomWord, readText } from './measure.ts'
import type { Damage, Marked } from './measure.ts'
import { addOutcome, isLasting, kindOf } from './tally.ts'
import type { Outcomes } from './tally.ts'

/**
 * How structure is read that a minifier did not erase: a site survives when the tool makes different texts of two copies that differ there
 * alone. Some such differences are in mangled names only, so the share read is a lower bound.
 */
export async function survivors(
  marked: readonly Marked[],
  damage: Damage,
  draw: Draw,
): Promise<Record<string, Outcomes>> {
  const out: Record<string, Outcomes> = {}
  for (const one of marked) {
    const { file } = one
    const word = randomWord(file.sites, draw)
    const make = (changed?: string): Promise<string | null> =>
      attempt(() =>
        damage.run(
          one,
          [renderFile(file, (id) => (id === changed ? 1 - (word.get(id) ?? 0) : (word.get(id) ?? 0)))],
          draw,
        ),
      )
    const text = await make()
    if (text === null) continue
    const readings = await readText(one, text)
    for (const [at, site] of file.sites.entries()) {
      if (site.variants.length !== 2 || !isLasting(kindOf(site)) || (await make(site.id)) === text) continue
      const variant = readings[at]?.variant ?? null
      const right = variant === word.get(site.id)
      addOutcome(out, kindOf(site), variant === null ? 'unsure' : right ? 'right' : 'wrong')
    }
  }
  return out
}
