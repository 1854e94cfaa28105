import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { BLOCK_COMMENT } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { caseSwaps } from './cases.ts'
import { branchFlip, choiceOf } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { conditionsOf, conditionSwaps } from './conditions.ts'
import { declarationSwaps } from './functions.ts'
import { NUMBERS, phpLiterals } from './literals.ts'
import { entrySwaps, memberSwaps } from './members.ts'
import { phpModel } from './model.ts'
import { localNames, privateMethodNames } from './names.ts'
import { statementSwaps } from './statements.ts'

const LISTS: ReadonlySet<string> = new Set(['program', 'compound_statement', 'declaration_list'])

/** PHP 7 and 8, through tree-sitter's grammar. */
export const php: Language = codeLanguage({
  id: 'php',
  extensions: ['.php', '.phtml', '.inc'],
  comment: '//',
  enclosings: [BLOCK_COMMENT, ['<?php ', '']],
  interpreter: /^(?:#!.*\bphp|<\?php)\b/,
  parse: (text) => parseTree('php', text),
  model: phpModel,
  propose: proposals,
  literals: phpLiterals,
  canonical: {
    unordered: new Set([...LISTS, 'array_creation_expression', 'match_block', 'switch_block']),
    comparisons: new Set(['binary_expression']),
    strings: new Set(['string', 'encapsed_string']),
    numbers: NUMBERS,
    identifiers: new Set(['name']),
    operands: conditionsOf,
    choice: choiceOf,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = [...localNames(text, root), ...privateMethodNames(text, root)]
  walkTree(root, (node) => {
    if (LISTS.has(node.type)) drafts.push(...declarationSwaps(text, node), ...entrySwaps(text, node))
    if (node.type === 'compound_statement') drafts.push(...statementSwaps(text, node))
    drafts.push(...memberSwaps(text, node), ...caseSwaps(text, node), ...conditionSwaps(text, node))
    const flip = node.type === 'binary_expression' ? comparisonFlip(text, node) : branchFlip(text, node)
    if (flip) drafts.push(flip)
  })
  return drafts
}
