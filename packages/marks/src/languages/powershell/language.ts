import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { canonicalIdiom, comparisonFlip } from './comparisons.ts'
import { powershellLiterals } from './literals.ts'
import { memberSwaps } from './members.ts'
import { powershellModel } from './model.ts'
import { localNames } from './names.ts'
import { parsePowershell } from './parse.ts'
import { functionNames, isReflective } from './scope.ts'
import { listSwaps } from './statements.ts'

/** PowerShell, through tree-sitter's grammar. */
export const powershell: Language = codeLanguage({
  id: 'powershell',
  extensions: ['.ps1', '.psm1'],
  comment: '#',
  enclosings: [['<#', '#>']],
  interpreter: /^#!.*\bpwsh/,
  parse: parsePowershell,
  model: powershellModel,
  propose: proposals,
  literals: powershellLiterals,
  canonical: {
    unordered: new Set([
      'statement_list',
      'hash_literal_body',
      'switch_clauses',
      'array_literal_expression',
      'command_elements',
    ]),
    comparisons: new Set(),
    strings: new Set(['verbatim_string_characters', 'expandable_string_literal']),
    numbers: new Set(['decimal_integer_literal', 'hexadecimal_integer_literal', 'real_literal']),
    identifiers: new Set(['variable_name']),
    idiom: canonicalIdiom,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  if (!isWhole(root)) return []
  const scene = { text, root, functions: functionNames(text, root), reflective: isReflective(text) }
  const drafts: SiteDraft[] = scene.reflective ? [] : localNames(text, root)
  walkTree(root, (node) => {
    drafts.push(...listSwaps(scene, node), ...memberSwaps(text, node))
    const flip = comparisonFlip(text, node)
    if (flip) drafts.push(flip)
  })
  return drafts
}

/** False where the grammar does not follow a script all the way: what it missed might change what the rest means. */
function isWhole(root: SyntaxNode): boolean {
  let whole = true
  walkTree(root, (node) => {
    if (node.type === 'ERROR' || node.missing) whole = false
    return whole
  })
  return whole
}
