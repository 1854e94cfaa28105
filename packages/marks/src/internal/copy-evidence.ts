import type { MarkSite, PlanFile, Reading } from '../site.ts'

/** Readings of structure and names from which on a text of doubtful language is taken for a copy, be it cut or merged. */
const ENOUGH = 6
/** For files with few sites this share of them is enough, but never a single one. */
const SHARE = 0.25
const LEAST = 2

/**
 * Readings of a text that is perhaps in the file's language, without structure and names where few of them were found: a copy of the file shows
 * many, a port of it to another language one or two, in the order that its writer thought best. Declared values stay: a port has them too.
 */
export function withCopyEvidence(file: PlanFile, readings: readonly Reading[]): readonly Reading[] {
  const wanted = file.sites.filter((site) => !isDeclared(site)).length
  const told = readings.filter(({ variant }, at) => variant !== null && !isDeclared(file.sites[at])).length
  if (told >= Math.min(ENOUGH, Math.max(LEAST, SHARE * wanted))) return readings
  return readings.map((reading, at) =>
    reading.variant === null || isDeclared(file.sites[at])
      ? reading
      : { ...reading, variant: null, where: null, why: 'too few marks in a text of doubtful language' },
  )
}

function isDeclared(site: MarkSite | undefined): boolean {
  return site?.anchor['read'] === 'wire'
}
