import { lineAt, type SyntaxNode, type SyntaxTree } from '@sigillo/syntax/tree'
import type { Language, Literal, SiteDraft } from '../../language.ts'
import type { PlanFile, Reading, Span } from '../../site.ts'
import { type CanonicalRules, canonicalForm } from './canonical.ts'
import { type Enclosing, uncut } from './cut-texts.ts'
import { keepReadable } from './find.ts'
import type { CodeModel } from './model.ts'
import { readModels } from './read.ts'

/** What a programming language folder tells the common engine. */
export interface CodeLanguageParts {
  readonly id: string
  /** With the dot, lower case. */
  readonly extensions: readonly string[]
  /** Marker of comments that reach to the end of the line. */
  readonly comment: string
  /** What goes over several lines, so that a piece of a file may begin or end in it. */
  readonly enclosings: readonly Enclosing[]
  /** First line of a script in this language. */
  readonly interpreter: RegExp
  readonly canonical: CanonicalRules
  parse(text: string): Promise<SyntaxTree>
  model(tree: SyntaxTree): CodeModel
  /** Every site that is safe to mark; which of them can be read back is decided by the engine. */
  propose(text: string, root: SyntaxNode): SiteDraft[]
  literals(text: string, root: SyntaxNode): { comments: Span[]; literals: Literal[] }
}

interface Parsed {
  readonly tree: SyntaxTree
  readonly model: CodeModel
}

/** Texts whose trees are kept for the next question about them. */
const KEPT = 6

/** Makes a `Language` of the parts. */
export function codeLanguage(parts: CodeLanguageParts): Language {
  const parsed = cachedParser(parts)
  const plans = new WeakMap<PlanFile, Promise<Parsed>>()
  const originals = new WeakMap<PlanFile, string>()
  /** Copies of one plan are read and checked by the hundred: what depends on the plan alone is kept as long as it. */
  const ofPlan = (file: PlanFile): Promise<Parsed> => {
    const known = plans.get(file) ?? parsed(file.text)
    plans.set(file, known)
    return known
  }
  return {
    id: parts.id,
    comment: { open: parts.comment, close: '' },
    matches: (path) => parts.extensions.some((extension) => path.toLowerCase().endsWith(extension)),
    find: async (text) => {
      const { tree, model } = await parsed(text)
      return keepReadable(parts.id, model, parts.propose(text, tree.root))
    },
    read: async (plan, sample) => {
      const { model } = await ofPlan(plan)
      const { tree, model: whole } = await parsed(sample.text)
      let most = readModels(plan, model, sample, whole)
      if (tree.firstError === null && told(most) > 0) return most
      for (const text of uncut(sample.text, parts.enclosings)) {
        const readings = readModels(plan, model, sample, (await parsed(text)).model)
        if (told(readings) > told(most)) most = readings
      }
      return most
    },
    parseError: async (text) => describeError(await parsed(text), parts.id),
    resembles: async (text) => (parts.interpreter.test(text) ? 1 : resemblance((await parsed(text)).model)),
    literals: async (text) => parts.literals(text, (await parsed(text)).tree.root),
    canonical: async (file, text) => {
      if (text !== file.text) return canonicalForm(file, (await parsed(text)).tree, parts.canonical)
      const known = originals.get(file) ?? canonicalForm(file, (await ofPlan(file)).tree, parts.canonical)
      originals.set(file, known)
      return known
    },
  }
}

function told(readings: readonly Reading[]): number {
  return readings.filter(({ variant }) => variant !== null).length
}

function cachedParser(parts: CodeLanguageParts): (text: string) => Promise<Parsed> {
  const kept = new Map<string, Promise<Parsed>>()
  return (text) => {
    const known = kept.get(text)
    if (known) return known
    const fresh = parts.parse(text).then((tree) => ({ tree, model: parts.model(tree) }))
    kept.set(text, fresh)
    const [oldest] = kept.keys()
    if (kept.size > KEPT && oldest !== undefined) kept.delete(oldest)
    return fresh
  }
}

function describeError({ tree }: Parsed, language: string): string | null {
  if (tree.truncated) return `nested too deep to be ${language} that a person wrote`
  return tree.firstError === null ? null : `no ${language} at line ${lineAt(tree.text, tree.firstError)}`
}

/** 1 for text that parses, falling to 0 where a quarter of it does not; 0 for text that holds next to nothing. */
function resemblance(model: CodeModel): number {
  if (model.tokens.length < 3) return 0
  return Math.max(0, 1 - 4 * model.damage)
}
