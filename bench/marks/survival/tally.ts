import type { MarkSite } from '@sigillo/marks/site'

/** How many sites were read how. */
export interface Outcomes {
  right: number
  unsure: number
  wrong: number
}

/** What one damage left of the files of one corpus. */
export interface SurvivalRow {
  readonly id: string
  readonly corpus: string
  readonly damage: string
  readonly nature: 'format' | 'correct' | 'minify' | 'obfuscate' | 'edit' | 'shuffle' | 'merge'
  readonly files: number
  /** Copies that the tool refused to work on. */
  refused: number
  /** Formatters: how structure is read of the same copies before the tool had them. */
  readonly unharmed?: Outcomes
  /** By `pool/kind`, with `by name` behind it for structure that only names can tell from its neighbours. */
  readonly kinds: Record<string, Outcomes>
  /** Minifiers: sites whose two variants the tool makes different texts of, and how they were read. */
  survivors?: Record<string, Outcomes>
}

/** The kinds that fingerprinting.md section 8 measured to survive minifiers wholly. */
const LASTING = new Set([
  'structural/function-order',
  'structural/member-order',
  'structural/case-order',
  'structural/statement-order',
  'structural/comparison',
  'structural/operand-order',
  'structural/condition-order',
])

/** True for kinds of structure that minifiers leave, names apart. */
export function isLasting(kind: string): boolean {
  return LASTING.has(kind)
}

/** The key a site is counted under. */
export function kindOf(site: MarkSite): string {
  return `${site.pool}/${site.kind}${site.anchor['names'] === true ? ' by name' : ''}`
}

export function addOutcome(kinds: Record<string, Outcomes>, kind: string, outcome: keyof Outcomes): void {
  const found = (kinds[kind] ??= { right: 0, unsure: 0, wrong: 0 })
  found[outcome]++
}

/** The sum over the kinds that are asked for. */
export function total(
  kinds: Readonly<Record<string, Outcomes>>,
  isAsked: (kind: string) => boolean = () => true,
): Outcomes & { readonly sites: number } {
  const sum = { right: 0, unsure: 0, wrong: 0 }
  for (const [kind, { right, unsure, wrong }] of Object.entries(kinds)) {
    if (!isAsked(kind)) continue
    sum.right += right
    sum.unsure += unsure
    sum.wrong += wrong
  }
  return { ...sum, sites: sum.right + sum.unsure + sum.wrong }
}
