import type { PlanFile } from '@sigillo/marks/site'

/** Codewords to try copies with: all first variants, all last, then `random` others, the same in every run. */
export function copyWords(plan: PlanFile, random: number): ReadonlyMap<string, number>[] {
  let state = 41
  const below = (count: number): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0
    return Math.floor((state / 2 ** 32) * count)
  }
  const word = (choose: (count: number) => number): ReadonlyMap<string, number> =>
    new Map(plan.sites.map((site) => [site.id, choose(site.variants.length)]))
  return [word(() => 0), word((count) => count - 1), ...Array.from({ length: random }, () => word(below))]
}
