import { renderFile } from '../render.ts'
import type { MarkSite, PlanFile, Reading, SampleFile } from '../site.ts'

/** Trial codewords besides all-zero and all-last. */
const TRIALS = 10
/** Leaving sites out changes what others look like; after this many rounds the rest is taken as it is. */
const MAX_ROUNDS = 4

/**
 * Renders trial copies and keeps the sites that read back right from every one: only what can be read is worth embedding. The trials are
 * fixed by the site's place, so that the same file always gives the same plan.
 */
export async function dropUnreadable(
  file: PlanFile,
  read: (plan: PlanFile, sample: SampleFile) => Promise<readonly Reading[]>,
): Promise<{ sites: readonly MarkSite[]; warnings: string[] }> {
  let sites = file.sites
  for (let round = 0; round < MAX_ROUNDS; round++) {
    const lost = await unreadable({ ...file, sites }, read)
    if (lost.size === 0) break
    sites = sites.filter((site) => !lost.has(site.id))
  }
  const declared = file.sites.filter((site) => !sites.includes(site) && (site.pool === 'wire' || site.pool === 'doc'))
  const warnings = declared.map(
    (site) =>
      `${file.path}:${site.line}: the declared mark ${site.variants[0]?.shown} cannot be read back and is left out`,
  )
  return { sites, warnings }
}

async function unreadable(
  file: PlanFile,
  read: (plan: PlanFile, sample: SampleFile) => Promise<readonly Reading[]>,
): Promise<Set<string>> {
  const lost = new Set<string>()
  for (let trial = 0; trial < TRIALS + 2; trial++) {
    const codeword = new Map(file.sites.map((site, at) => [site.id, trialVariant(site, at, trial)]))
    const text = renderFile(file, (id) => codeword.get(id) ?? 0)
    const readings = await read(file, { path: file.path, text })
    for (const reading of readings) if (reading.variant !== codeword.get(reading.site)) lost.add(reading.site)
  }
  return lost
}

function trialVariant(site: MarkSite, at: number, trial: number): number {
  const q = site.variants.length
  if (trial === 0) return 0
  if (trial === 1) return q - 1
  return (Math.imul(at + 1, 0x9e3779b1 + trial * 0x85ebca6b) >>> 7) % q
}
