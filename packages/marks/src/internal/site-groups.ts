import type { MarkSite, PlanFile } from '../site.ts'

/** Sites of one file that fare alike: same pool, kind and number of variants, and told from others by names or not. */
export function groupKey({ path }: Pick<PlanFile, 'path'>, { pool, kind, variants, anchor }: MarkSite): string {
  return `${path}/${pool}/${kind}/${variants.length}/${anchor['names'] === true}`
}
