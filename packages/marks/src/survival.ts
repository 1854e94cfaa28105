import type { Damage } from './site.ts'

type Survival = Readonly<Record<Damage, number>>

/**
 * Expected share of sites still readable, by kind of site and damage: fingerprinting.md section 8 (table and 8b.4). `rewrite` is by somebody
 * without the target. Small samples: priors, not rates.
 */
const PRIORS: Readonly<Record<string, readonly [format: number, minify: number, refactor: number, rewrite: number]>> = {
  derived: [1, 0.95, 0.95, 0.95],
  essential: [1, 0.95, 0.9, 0.85],
  preference: [1, 0.95, 0.7, 0.45],
  tuning: [1, 0.7, 0.5, 0.1],
  'self-naming': [1, 0.95, 0.4, 0.1],
  doc: [1, 0, 0.5, 0.1],
  'function-order': [1, 0.8, 0.6, 0.1],
  'statement-order': [1, 0.6, 0.4, 0],
  'member-order': [1, 0.9, 0.5, 0.1],
  'import-order': [1, 0.5, 0.2, 0],
  comparison: [1, 0.8, 0.4, 0],
  'case-order': [1, 0.9, 0.5, 0.1],
  'operand-order': [1, 0.6, 0.4, 0],
  'condition-order': [1, 0.6, 0.4, 0],
  'branch-order': [1, 0, 0.4, 0],
  'loop-form': [1, 0, 0.3, 0],
  'local-name': [1, 0, 0.35, 0.05],
  'parameter-name': [1, 0, 0.35, 0.05],
  'function-name': [1, 0, 0.5, 0.1],
}

/** Survival priors for a kind of site; a site that only names can tell from others is gone after minifying. */
export function survivalOf(kind: string, byName: boolean = false): Survival {
  const [format, minify, refactor, rewrite] = PRIORS[kind] ?? [1, 0.5, 0.3, 0]
  return { verbatim: 1, format, minify: byName ? 0 : minify, refactor, rewrite }
}
