import type { Anchor, MarkSite, PlanFile, Reading, SampleFile } from '../site.ts'
import { lineCounter } from './line-of.ts'
import { type Container, type ContainerIndex, type OrderReading, indexContainers, readOrder } from './piece-order.ts'
import { wireAlike } from './wire-alike.ts'

/** Texts longer than this are not read: 4 MiB of UTF-16 units, far above any rule set or document that is shared. */
export const LONGEST_SAMPLE: number = 4 * 1024 * 1024

/** Reads sites that are not orders; null when the site is none of its business. */
export type OtherReader = (site: MarkSite, planned: readonly Container[], sample: ContainerIndex) => OrderReading | null

/**
 * Reads a plan's order sites, given how this language cuts a text into containers, and its other sites by `other`.
 * Never throws on hostile samples: what cannot be parsed is reported as unreadable.
 */
export function readSites(
  plan: PlanFile,
  sample: SampleFile,
  containersOf: (text: string) => readonly Container[],
  other: OtherReader = () => null,
): readonly Reading[] {
  const unreadable = (why: string): readonly Reading[] =>
    plan.sites.map((site) => ({ site: site.id, variant: null, where: null, why }))
  if (sample.text.length > LONGEST_SAMPLE) return unreadable('the sample is too long to be read')
  const alike = wireAlike(plan)
  const text = alike(sample.text)
  const planned = containersOf(alike(plan.text))
  const index = indexContainers(containersOf(text))
  const lineAt = lineCounter(text)
  return plan.sites.map((original) => {
    const site = { ...original, anchor: alikeKeys(original.anchor, alike) }
    const found = other(site, planned, index) ?? readOrder(site, planned, index)
    const where = found.at === null ? null : { file: sample.path, line: lineAt(found.at) }
    return { site: site.id, variant: found.variant, where, why: found.why }
  })
}

function alikeKeys(anchor: Anchor, alike: (text: string) => string): Anchor {
  const keys = anchor['keys']
  return Array.isArray(keys) ? { ...anchor, keys: keys.map((key) => alike(String(key))) } : anchor
}
