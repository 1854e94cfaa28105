import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { caseSwaps, declarationSwaps } from './cases.ts'
import { comparisonFlip, comparisonIdiom } from './comparisons.ts'
import { bashLiterals } from './literals.ts'
import { hasTightHeredoc } from './loosen.ts'
import { bashModel } from './model.ts'
import { exportedNames, variableNames } from './names.ts'
import { optionSwaps } from './options.ts'
import { parseBash } from './parse.ts'
import { functionNames, isReflective } from './scope.ts'
import { listSwaps, type ScriptScene } from './statements.ts'

/** Bash and what of it other shells share, through tree-sitter's grammar. */
export const bash: Language = codeLanguage({
  id: 'bash',
  extensions: ['.sh', '.bash'],
  comment: '#',
  enclosings: [quoted("'")],
  interpreter: /^#!.*\b(?:ba|da|k|z)?sh\b/,
  parse: parseBash,
  model: bashModel,
  propose: proposals,
  literals: bashLiterals,
  canonical: {
    unordered: new Set([
      'program',
      'compound_statement',
      'subshell',
      'do_group',
      'if_statement',
      'elif_clause',
      'else_clause',
      'case_statement',
      'case_item',
      'command_substitution',
      'declaration_command',
      'command',
    ]),
    comparisons: new Set(),
    strings: new Set(['raw_string']),
    numbers: new Set(['number']),
    identifiers: new Set(['variable_name']),
    bare: new Set(['word', 'string_content']),
    idiom: comparisonIdiom,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  // What is shown to the grammar in other places than it stands must not change places.
  if (!isWhole(root) || hasTightHeredoc(text)) return []
  const scene = sceneOf(text, root)
  const drafts: SiteDraft[] = scene.reflective ? [] : variableNames(text, root)
  walkTree(root, (node) => {
    drafts.push(...listSwaps(scene, node), ...caseSwaps(text, node), ...declarationSwaps(scene, node))
    if (node.type === 'command') drafts.push(...optionSwaps(text, node))
    const flip = node.type === 'binary_expression' ? comparisonFlip(text, node) : null
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

function sceneOf(text: string, root: SyntaxNode): ScriptScene {
  return {
    text,
    functions: functionNames(text, root),
    reflective: isReflective(text, root),
    strict: /\bnounset\b|\bset\s+-\w*u/.test(text),
    exported: exportedNames(text, root),
  }
}
