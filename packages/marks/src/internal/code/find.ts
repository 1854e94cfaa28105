import type { SiteDraft } from '../../language.ts'
import { keepCompatible } from '../../nesting.ts'
import type { MarkSite, PlanFile } from '../../site.ts'
import { survivalOf } from '../../survival.ts'
import { floorOf, RIVAL } from './candidate.ts'
import { classTable, siteValues } from './classes.ts'
import { isUnique } from './locate.ts'
import { confusion } from './locate-name.ts'
import type { CodeModel } from './model.ts'
import { type Prepared, prepare } from './prepare.ts'

/**
 * Keeps the proposals that can be read back: names as they are, orders and comparisons only where nothing else in the text looks like them,
 * with names erased if possible (then they survive renaming), by names otherwise. Of proposals that exclude each other the better one stays.
 */
export function keepReadable(language: string, model: CodeModel, proposals: readonly SiteDraft[]): SiteDraft[] {
  const proposed = keepCompatible(proposals.filter((draft) => draft.pool === 'name'))
  const file = planFile(language, model.text, proposed)
  const prepared = prepare(model, classTable(file), model.bound)
  const names = withoutDoubles(proposed, prepared)
  const readable = [...names, ...proposals.filter((draft) => draft.pool !== 'name')]
    .map((draft) => settle(draft, prepared))
    .filter((draft) => draft !== null)
  return keepCompatible(readable.sort((a, b) => worth(b) - worth(a) || a.span.start - b.span.start))
}

function settle(draft: SiteDraft, text: Prepared): SiteDraft | null {
  if (isUnique(asSite(draft), text, text)) return draft
  if (draft.pool === 'name') return null
  const byName: SiteDraft = {
    ...draft,
    anchor: { ...draft.anchor, names: true },
    survival: survivalOf(draft.kind, true),
  }
  return isUnique(asSite(byName), text, text) ? byName : null
}

/** How near to a rival a name may come before one of the two is left out. */
const CLEARANCE = 0.04

/** Leaves out names that copies could give a word of another name that is used in the same way in another function. */
function withoutDoubles(drafts: readonly SiteDraft[], plan: Prepared): SiteDraft[] {
  const kept: SiteDraft[] = []
  const users = new Map<string, SiteDraft[]>()
  for (const draft of drafts) {
    const words = siteValues(draft) ?? []
    const others = new Set(words.flatMap((word) => users.get(word) ?? []))
    if ([...others].some((other) => confusable(draft, other, plan) || confusable(other, draft, plan))) continue
    kept.push(draft)
    for (const word of words) users.set(word, [...(users.get(word) ?? []), draft])
  }
  return kept
}

function confusable(draft: SiteDraft, other: SiteDraft, plan: Prepared): boolean {
  if (draft.anchor['read'] !== 'name' || other.anchor['read'] !== 'name') return true
  return confusion(asSite(draft), asSite(other), plan) >= Math.min(RIVAL, floorOf(draft.kind)) - CLEARANCE
}

/** What a site adds to a reading, roughly: bits times what survives. Names rank first as orders never exclude them for long. */
function worth(draft: SiteDraft): number {
  const { format, minify, refactor } = draft.survival
  const bits = Math.log2(draft.variants.length)
  return draft.pool === 'name' ? 100 + bits : bits * (format + minify + refactor)
}

/** A draft as the engine wants it, before it has an id. */
export function asSite(draft: SiteDraft): MarkSite {
  return { ...draft, id: '', file: '', line: 0 }
}

function planFile(language: string, text: string, drafts: readonly SiteDraft[]): PlanFile {
  return { path: '', language, text, sites: drafts.map(asSite) }
}
