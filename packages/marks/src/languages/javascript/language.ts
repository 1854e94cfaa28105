import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import type { CanonicalRules } from '../../internal/code/canonical.ts'
import { siteValues } from '../../internal/code/classes.ts'
import { BLOCK_COMMENT, quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { caseSwaps } from './cases.ts'
import { branchFlip, choiceOf } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { idiomOf, loopForm } from './idioms.ts'
import { javascriptLiterals } from './literals.ts'
import { memberSwaps } from './members.ts'
import { javascriptModel } from './model.ts'
import { localNames } from './names.ts'
import { operandsOf } from '../../internal/code/operand-chains.ts'
import { operandSwaps } from './operands.ts'
import { functionNames } from './private-functions.ts'
import { listSwaps } from './swaps.ts'

const LISTS: ReadonlySet<string> = new Set(['program', 'statement_block', 'class_body'])

/** What makes two copies of a JavaScript text look alike. */
export const javascriptCanonical: CanonicalRules = {
  unordered: new Set([
    'program',
    'statement_block',
    'class_body',
    'switch_body',
    'object',
    'array',
    'object_pattern',
    'named_imports',
    'export_clause',
  ]),
  comparisons: new Set(['binary_expression']),
  strings: new Set(['string', 'template_string']),
  numbers: new Set(['number']),
  identifiers: new Set(['identifier']),
  operands: operandsOf,
  choice: choiceOf,
  idiom: idiomOf,
}

/** JavaScript, scripts and modules, through tree-sitter's grammar. */
export const javascript: Language = codeLanguage({
  id: 'javascript',
  extensions: ['.js', '.mjs', '.cjs'],
  comment: '//',
  enclosings: [BLOCK_COMMENT, quoted('`'), ['class _ {', ''], ['class _ { async *_() {', '']],
  interpreter: /^#!.*\bnode/,
  parse: (text) => parseTree('javascript', text),
  model: javascriptModel,
  propose: javascriptProposals,
  literals: javascriptLiterals,
  canonical: javascriptCanonical,
})

/** Every site of a JavaScript text that is safe to mark. */
export function javascriptProposals(text: string, root: SyntaxNode): SiteDraft[] {
  const called = functionNames(text, root)
  const reserved = called.flatMap((draft) => siteValues(draft) ?? [])
  const drafts: SiteDraft[] = [...called, ...localNames(text, root, reserved)]
  walkTree(root, (node) => {
    if (LISTS.has(node.type)) drafts.push(...listSwaps(text, node))
    const flips = [
      node.type === 'binary_expression' ? comparisonFlip(text, node) : null,
      branchFlip(text, node),
      loopForm(text, node),
    ]
    drafts.push(...flips.filter((flip) => flip !== null))
    drafts.push(...memberSwaps(text, node), ...operandSwaps(text, node), ...caseSwaps(text, node))
  })
  return drafts
}
