import type { SiteDraft } from '../../language.ts'
import { keepCompatible } from '../../nesting.ts'
import type { MarkSite, PlanFile } from '../../site.ts'
import { survivalOf } from '../../survival.ts'
import { classTable } from './classes.ts'
import { isUnique } from './locate.ts'
import type { CodeModel } from './model.ts'
import { type Prepared, prepare } from './prepare.ts'

/**
 * Keeps the proposals that can be read back: names as they are, orders and comparisons only where nothing else in the text looks like them,
 * with names erased if possible (then they survive renaming), by names otherwise. Of proposals that exclude each other the better one stays.
 */
export function keepReadable(language: string, model: CodeModel, proposals: readonly SiteDraft[]): SiteDraft[] {
  const names = keepCompatible(proposals.filter((draft) => draft.pool === 'name'))
  const file = planFile(language, model.text, names)
  const prepared = prepare(model, classTable(file), model.bound)
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
