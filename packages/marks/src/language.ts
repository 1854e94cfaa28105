import type { MarkSite, PlanFile, Reading, SampleFile } from './site.ts'

/** A mark site before it has an id; ids are given in file order by `findSites`. */
export type SiteDraft = Omit<MarkSite, 'id' | 'file' | 'line'>

/**
 * What a language folder provides. Adding a language is one folder under `languages/` and one line in `languages.ts`.
 * All three functions are deterministic and never throw on hostile text except `MarksError`.
 */
export interface Language {
  /** `python`, `javascript`, `markdown`, `sigma`, `suricata`, `yara`. */
  readonly id: string
  /** True when a file of this name is written in this language. */
  matches(path: string): boolean
  /** Line comment marker used to declare wire alternatives (`#`, `//`), or the pair for block comments. */
  readonly comment: { readonly open: string; readonly close: string }
  /** Proposes sites in the text (declarations already removed); spans obey the rules of `MarkSite`. */
  find(text: string): Promise<readonly SiteDraft[]>
  /** Reads what it can of `plan`'s sites from one sample, blind to every codeword. One reading per site of the plan, in plan order. */
  read(plan: PlanFile, sample: SampleFile): Promise<readonly Reading[]>
  /** Null when the text parses; else one line saying what is wrong and where. */
  parseError(text: string): Promise<string | null>
}
