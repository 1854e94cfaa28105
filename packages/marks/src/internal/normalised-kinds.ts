import type { MarkSite, PlanFile, Reading } from '../site.ts'

/** Readings of one kind from which on a tool's hand can be told from chance. */
const MIN_READ = 8
const SHARE = 0.95

/**
 * Sets a whole kind of site to unread when nearly all of it shows one form that a tool would give it (all sorted, all `<`): then the tool
 * spoke, not the copy. Looks at the reading only, never at a codeword, so that the decoder's p-values stay exact; by chance it strikes
 * 1 in 128 kinds of eight even sites and fewer of larger ones.
 */
export function withoutNormalised(file: PlanFile, readings: readonly Reading[]): Reading[] {
  const counts = new Map<string, Map<string, number>>()
  for (const [at, reading] of readings.entries()) {
    const site = file.sites[at]
    const form = site && formOf(site, reading)
    if (!site || form === null || form === undefined) continue
    const forms = counts.get(site.kind) ?? new Map<string, number>()
    forms.set(form, (forms.get(form) ?? 0) + 1)
    counts.set(site.kind, forms)
  }
  const normalised = new Set([...counts].filter(([, forms]) => isOneForm([...forms.values()])).map(([kind]) => kind))
  return readings.map((reading, at) =>
    reading.variant !== null && normalised.has(file.sites[at]?.kind ?? '')
      ? { ...reading, variant: null, why: 'a tool seems to have put all marks of this kind into one form' }
      : reading,
  )
}

/** The form a tool might have chosen, which finders give for each variant in `anchor.forms`. */
function formOf(site: MarkSite, reading: Reading): string | null {
  const forms = site.anchor['forms']
  const form: unknown = Array.isArray(forms) && reading.variant !== null ? forms[reading.variant] : null
  return typeof form === 'string' ? form : null
}

function isOneForm(counts: readonly number[]): boolean {
  const total = counts.reduce((sum, count) => sum + count, 0)
  return total >= MIN_READ && Math.max(...counts) >= SHARE * total
}
