import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { siteValues } from '../../internal/code/classes.ts'
import { caseSwaps } from './cases.ts'
import { branchFlip, choiceOf } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { functionSwaps } from './functions.ts'
import { idiomOf, loopForm } from './idioms.ts'
import { pythonLiterals } from './literals.ts'
import { memberSwaps } from './members.ts'
import { pythonModel } from './model.ts'
import { localNames } from './names.ts'
import { operandsOf, operandSwaps } from './operands.ts'
import { functionNames, privateFunctions } from './private-functions.ts'
import { statementSwaps } from './statements.ts'

/** Python 3, through tree-sitter's grammar. */
export const python: Language = codeLanguage({
  id: 'python',
  extensions: ['.py', '.pyw', '.pyi'],
  comment: '#',
  enclosings: [quoted('"""'), quoted("'''")],
  interpreter: /^#!.*\bpython/,
  parse: (text) => parseTree('python', text),
  model: pythonModel,
  propose: proposals,
  literals: pythonLiterals,
  canonical: {
    unordered: new Set([
      'module',
      'block',
      'dictionary',
      'list',
      'tuple',
      'set',
      'argument_list',
      'import_from_statement',
    ]),
    comparisons: new Set(['comparison_operator']),
    strings: new Set(['string']),
    numbers: new Set(['integer', 'float']),
    identifiers: new Set(['identifier']),
    operands: operandsOf,
    choice: choiceOf,
    idiom: idiomOf,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const functions = privateFunctions(text, root)
  const called = functionNames(text, functions)
  const reserved = called.flatMap((draft) => siteValues(draft) ?? [])
  const drafts: SiteDraft[] = [...called, ...localNames(text, root, functions, reserved)]
  walkTree(root, (node) => {
    if (node.type === 'module' || node.type === 'block')
      drafts.push(...functionSwaps(text, node), ...statementSwaps(text, node))
    const flips = [
      node.type === 'comparison_operator' ? comparisonFlip(text, node) : null,
      branchFlip(text, node),
      loopForm(text, node),
    ]
    drafts.push(...flips.filter((flip) => flip !== null))
    drafts.push(...memberSwaps(text, node), ...operandSwaps(text, node), ...caseSwaps(text, node))
  })
  return drafts
}
