import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { choiceOf } from '../../internal/code/branch-swaps.ts'
import { BLOCK_COMMENT } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import { operandsOf } from '../../internal/code/operand-chains.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { caseSwaps } from './cases.ts'
import { C_CHOICES, cBranchFlip } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { functionSwaps } from './functions.ts'
import { idiomOf, loopForm } from './idioms.ts'
import { cLiterals } from './literals.ts'
import { macroSwaps, memberSwaps } from './members.ts'
import { cModel } from './model.ts'
import { localNames } from './names.ts'
import { cOperandSwaps } from './operands.ts'
import { parseC } from './parse.ts'
import { type FileScene, fileScene, type FunctionScene, functionScene } from './scene.ts'
import { statementSwaps } from './statements.ts'

/** Share of a text that may lie outside the grammar: macros make C that no parser understands without them. */
const MAX_DAMAGE = 0.03

/** C or C++: one language to the reader, with less that is certain where classes give operators a meaning. */
export function cFamily(id: 'c' | 'cpp', extensions: readonly string[]): Language {
  const parse = (text: string): ReturnType<typeof parseC> => parseC(id, text)
  const language = codeLanguage({
    id,
    extensions,
    comment: '//',
    enclosings: [BLOCK_COMMENT],
    interpreter: /(?!)/,
    parse,
    model: cModel,
    propose: (text, root) => cProposals(text, root, id === 'cpp'),
    literals: cLiterals,
    canonical: {
      unordered: UNORDERED,
      comparisons: new Set(['binary_expression']),
      strings: new Set(['string_literal']),
      numbers: new Set(['number_literal']),
      identifiers: new Set(['identifier']),
      operands: operandsOf,
      choice: (node) => choiceOf(node, C_CHOICES),
      idiom: idiomOf,
    },
  })
  return {
    ...language,
    parseError: async (text) => {
      const { damage, truncated } = await parse(text)
      return damage > MAX_DAMAGE || truncated ? language.parseError(text) : null
    },
  }
}

const UNORDERED: ReadonlySet<string> = new Set([
  'translation_unit',
  'declaration_list',
  'field_declaration_list',
  'compound_statement',
  'case_statement',
  'initializer_list',
  'enumerator_list',
  'preproc_ifdef',
  'preproc_if',
  'preproc_else',
])

/** Lists that hold functions, prototypes and macros. */
const OUTER: ReadonlySet<string> = new Set([
  'translation_unit',
  'declaration_list',
  'field_declaration_list',
  'preproc_ifdef',
  'preproc_if',
  'preproc_else',
])

/** Every site of a C or C++ text that is safe to mark. */
export function cProposals(text: string, root: SyntaxNode, cpp: boolean): SiteDraft[] {
  if (/__COUNTER__|^\s*#\s*line\b/m.test(text)) return []
  const file = fileScene(text, root, cpp)
  const drafts: SiteDraft[] = localNames(root, file)
  walkTree(root, (node) => {
    if (OUTER.has(node.type)) drafts.push(...functionSwaps(node, file), ...macroSwaps(node, file))
    drafts.push(...memberSwaps(node, file))
    if (node.type === 'function_definition') drafts.push(...functionProposals(node, file))
  })
  return drafts
}

function functionProposals(fn: SyntaxNode, file: FileScene): SiteDraft[] {
  const scene = functionScene(file, fn)
  if (!scene) return []
  const drafts: SiteDraft[] = []
  walkTree(fn, (node) => {
    if (node !== fn && node.type === 'function_definition') return false
    drafts.push(...caseSwaps(file.text, node), ...blockProposals(node, scene))
    return true
  })
  return drafts
}

function blockProposals(node: SyntaxNode, scene: FunctionScene): readonly SiteDraft[] {
  if (node.type === 'compound_statement' || node.type === 'case_statement') return statementSwaps(node, scene)
  if (node.type !== 'binary_expression') {
    const turned = cBranchFlip(node, scene) ?? loopForm(scene.file.text, node, scene.file.cpp)
    return turned ? [turned] : []
  }
  const flip = comparisonFlip(node, scene)
  return flip ? [flip] : cOperandSwaps(node, scene)
}
