import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { comparisonFlip } from './comparisons.ts'
import { functionSwaps } from './functions.ts'
import { pythonLiterals } from './literals.ts'
import { memberSwaps } from './members.ts'
import { pythonModel } from './model.ts'
import { localNames } from './names.ts'
import { statementSwaps } from './statements.ts'

/** Python 3, through tree-sitter's grammar. */
export const python: Language = codeLanguage({
  id: 'python',
  extensions: ['.py', '.pyw', '.pyi'],
  comment: '#',
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
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = localNames(text, root)
  walkTree(root, (node) => {
    if (node.type === 'module' || node.type === 'block')
      drafts.push(...functionSwaps(text, node), ...statementSwaps(text, node))
    const flip = node.type === 'comparison_operator' ? comparisonFlip(text, node) : null
    if (flip) drafts.push(flip)
    drafts.push(...memberSwaps(text, node))
  })
  return drafts
}
