import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { choiceOf } from '../../internal/code/branch-swaps.ts'
import { BLOCK_COMMENT, quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import { operandsOf } from '../../internal/code/operand-chains.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { FUNCTIONS } from './bindings.ts'
import { GO_CHOICES, goBranchFlip } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { declarationSwaps } from './declarations.ts'
import { goLiterals } from './literals.ts'
import { memberSwaps } from './members.ts'
import { goModel } from './model.ts'
import { localNames } from './names.ts'
import { goOperandSwaps } from './operands.ts'
import { type FileScene, type FunctionScene, fileScene, functionScene } from './scene.ts'
import { statementSwaps } from './statements.ts'
import { caseSwaps } from './switches.ts'

/** Go, through tree-sitter's grammar. */
export const go: Language = codeLanguage({
  id: 'go',
  extensions: ['.go'],
  comment: '//',
  enclosings: [BLOCK_COMMENT, quoted('`')],
  interpreter: /^\/\/usr\/bin\/(?:env )?go\b/,
  parse: (text) => parseTree('go', text),
  model: goModel,
  propose: goProposals,
  literals: goLiterals,
  canonical: {
    unordered: new Set([
      'source_file',
      'statement_list',
      'literal_value',
      'interface_type',
      'const_declaration',
      'var_spec_list',
      'expression_switch_statement',
      'type_switch_statement',
    ]),
    comparisons: new Set(['binary_expression']),
    strings: new Set(['interpreted_string_literal', 'raw_string_literal']),
    numbers: new Set(['int_literal', 'float_literal']),
    identifiers: new Set(['identifier']),
    operands: operandsOf,
    choice: (node) => choiceOf(node, GO_CHOICES),
  },
})

/** Positions that a program reads from its own source would tell copies apart. */
const READS_POSITIONS = /^[ \t]*\/[/*]line /m

/** Every site of a Go text that is safe to mark. */
export function goProposals(text: string, root: SyntaxNode): SiteDraft[] {
  if (READS_POSITIONS.test(text)) return []
  const file = fileScene(text, root)
  const drafts: SiteDraft[] = [...localNames(text, root), ...declarationSwaps(root, file)]
  const scenes = new Map<SyntaxNode, FunctionScene | null>()
  walkTree(root, (node) => {
    drafts.push(...nodeProposals(node, file, scenes))
  })
  return drafts
}

function nodeProposals(
  node: SyntaxNode,
  file: FileScene,
  scenes: Map<SyntaxNode, FunctionScene | null>,
): readonly SiteDraft[] {
  if (node.type === 'binary_expression') {
    const flip = comparisonFlip(file.text, node, file.names)
    const outer = flip ? null : outermostFunction(node)
    return flip ? [flip] : outer ? goOperandSwaps(node, outer, file) : []
  }
  if (node.type !== 'statement_list')
    return [...memberSwaps(node, file), ...caseSwaps(node, file), ...flips(node, file)]
  const fn = outermostFunction(node)
  if (!fn) return []
  if (!scenes.has(fn)) scenes.set(fn, functionScene(file, fn))
  const scene = scenes.get(fn) ?? null
  return scene ? statementSwaps(node, scene) : []
}

function flips(node: SyntaxNode, file: FileScene): SiteDraft[] {
  const flip = goBranchFlip(file.text, node)
  return flip ? [flip] : []
}

/** Closures see and change the variables around them, so that only the outermost function says what is shared. */
function outermostFunction(node: SyntaxNode): SyntaxNode | null {
  let found: SyntaxNode | null = null
  for (let at: SyntaxNode | null = node; at; at = at.parent) if (FUNCTIONS.has(at.type)) found = at
  return found
}
