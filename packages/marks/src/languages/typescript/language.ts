import { parseTree, type SyntaxNode, type SyntaxTree, walkTree } from '@sigillo/syntax/tree'
import { BLOCK_COMMENT, quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { javascriptCanonical, javascriptProposals } from '../javascript/language.ts'
import { javascriptLiterals } from '../javascript/literals.ts'
import { javascriptModel } from '../javascript/model.ts'
import { eraseTypes } from './erase.ts'
import { namesInTypes } from './typed-names.ts'

/**
 * TypeScript, with and without JSX. Marks are those of the JavaScript it compiles to, so that they are read from compiled copies too; what types
 * know of a name or of the order of statements is left alone.
 */
export const typescript: Language = codeLanguage({
  id: 'typescript',
  extensions: ['.ts', '.mts', '.cts', '.tsx'],
  comment: '//',
  enclosings: [BLOCK_COMMENT, quoted('`'), ['class _ {', ''], ['class _ { async *_() {', '']],
  interpreter: /^#!.*\b(?:tsx|ts-node|deno)/,
  parse: parseEither,
  model: (tree) => javascriptModel({ ...tree, root: eraseTypes(tree.root, 'reading') }),
  propose: proposals,
  literals: javascriptLiterals,
  canonical: javascriptCanonical,
})

/** The two dialects exclude each other (`<T>x` and `<p>x</p>`): the one that reads the text with less damage is it. */
async function parseEither(text: string): Promise<SyntaxTree> {
  const plain = await parseTree('typescript', text)
  if (plain.firstError === null) return plain
  const elements = await parseTree('tsx', text)
  return elements.damage < plain.damage ? elements : plain
}

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const typed = namesInTypes(text, root)
  const erased = eraseTypes(root, 'finding')
  return javascriptProposals(text, erased).filter((draft) => keepsTypes(text, erased, draft, typed))
}

/** False when a copy might no longer pass the type checker. */
function keepsTypes(text: string, root: SyntaxNode, draft: SiteDraft, typed: ReadonlySet<string>): boolean {
  if (draft.pool === 'name') return draft.variants.every((variant) => !typed.has(variant.shown))
  if (draft.kind !== 'statement-order' || !draft.parts) return true
  const [first, second] = draft.parts.map((part) => namesBetween(text, root, part.start, part.end))
  return ![...(first ?? [])].some((name) => second?.has(name))
}

/** A call may say what type a name has from then on, so statements that share a name keep their order. */
function namesBetween(text: string, root: SyntaxNode, start: number, end: number): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.end <= start || node.start >= end) return false
    if (node.type === 'identifier' && node.start >= start && node.end <= end)
      names.add(text.slice(node.start, node.end))
    return true
  })
  return names
}
