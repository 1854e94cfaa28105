import type { MarkSite, PlanFile, Reading, SampleFile, Span } from './site.ts'

/** A mark site before it has an id; ids are given in file order by `findSites`. */
export type SiteDraft = Omit<MarkSite, 'id' | 'file' | 'line'>

/** A string or number literal that a declared mark may replace: `span` is its content without quotes, `value` the decoded content. */
export interface Literal {
  readonly span: Span
  readonly kind: 'string' | 'number'
  readonly value: string
  /** Writes another value into the literal's content; null when this literal cannot hold it. */
  encode(value: string): string | null
}

/**
 * What a language folder provides. Adding a language is one folder under `languages/` and one line in `languages.ts`.
 * All three functions are deterministic and never throw on hostile text except `MarksError`.
 */
export interface Language {
  /** `python`, `javascript`, `markdown`, `sigma`, `suricata`, `yara`. */
  readonly id: string
  /** True when a file of this name is written in this language. */
  matches(path: string): boolean
  /** False when a text of a file that `matches` is written in another language of the same file names. Without it, the name decides. */
  owns?(text: string): boolean
  /** Line comment marker used to declare wire alternatives (`#`, `//`), or the pair for block comments. */
  readonly comment: { readonly open: string; readonly close: string }
  /** Proposes sites in the text (declarations already removed); spans obey the rules of `MarkSite`. */
  find(text: string): Promise<readonly SiteDraft[]>
  /** Reads what it can of `plan`'s sites from one sample, blind to every codeword. One reading per site of the plan, in plan order. */
  read(plan: PlanFile, sample: SampleFile): Promise<readonly Reading[]>
  /** Null when the text parses; else one line saying what is wrong and where. */
  parseError(text: string): Promise<string | null>
  /** How much the text looks like this language, in 0..1. Without it, `matches` and `parseError` decide. */
  resembles?(text: string): Promise<number>
  /** Comments and literals by grammar; without it, declarations are found line by line and replace the one occurrence of the value on their line. */
  literals?(text: string): Promise<{ readonly comments: readonly Span[]; readonly literals: readonly Literal[] }>
  /** A form that all copies of a file share whatever their variants, and that a change of meaning changes. Without it, copies are only parsed. */
  canonical?(file: PlanFile, text: string): Promise<string>
}
