import { type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { BLOCK_COMMENT, quoted } from '../../internal/code/cut-texts.ts'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { caseSwaps } from './cases.ts'
import { branchFlip, choiceOf } from './choices.ts'
import { comparisonFlip } from './comparisons.ts'
import { memberDeclarationSwaps } from './functions.ts'
import { javaLiterals, NUMBERS } from './literals.ts'
import { entrySwaps, memberSwaps } from './members.ts'
import { javaModel } from './model.ts'
import { localNames } from './names.ts'
import { operandsOf } from '../../internal/code/operand-chains.ts'
import { operandSwaps } from './operands.ts'
import { privateMethodNames } from './private-methods.ts'
import { type MethodScene, methodScene } from './scene.ts'
import { outermostMethod } from './scope.ts'
import { statementSwaps } from './statements.ts'
import { parseJava } from './tree.ts'

const BODIES: ReadonlySet<string> = new Set(['class_body', 'interface_body', 'enum_body_declarations'])
const BLOCKS: ReadonlySet<string> = new Set(['block', 'constructor_body'])

/** Java up to 17, through tree-sitter's grammar. */
export const java: Language = codeLanguage({
  id: 'java',
  extensions: ['.java'],
  comment: '//',
  enclosings: [BLOCK_COMMENT, quoted('"""')],
  interpreter: /^\/\/\/usr\/bin\/env java|^#!.*\bjava\b/,
  parse: parseJava,
  model: javaModel,
  propose: proposals,
  literals: javaLiterals,
  canonical: {
    unordered: new Set([...BODIES, ...BLOCKS, 'argument_list', 'switch_block']),
    comparisons: new Set(['binary_expression']),
    strings: new Set(['string_literal']),
    numbers: NUMBERS,
    identifiers: new Set(['identifier']),
    operands: operandsOf,
    choice: choiceOf,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = [...localNames(text, root), ...privateMethodNames(text, root)]
  const imports = root.children.filter((child) => child.type === 'import_declaration')
  const imported = imports.map((child) => text.slice(child.start, child.end)).join('\n')
  walkTree(root, (node) => {
    if (BODIES.has(node.type)) drafts.push(...memberDeclarationSwaps(text, node, imported))
    drafts.push(...memberSwaps(text, node), ...caseSwaps(text, node))
    const method = outermostMethod(node)
    if (method) drafts.push(...inMethod(text, node, methodScene(text, method)))
  })
  return drafts
}

function inMethod(text: string, node: SyntaxNode, scene: MethodScene): SiteDraft[] {
  if (BLOCKS.has(node.type)) return [...statementSwaps(text, node, scene), ...entrySwaps(text, node)]
  if (node.type === 'binary_expression') {
    const flip = comparisonFlip(text, node, scene)
    return flip ? [flip] : operandSwaps(text, node, scene)
  }
  const flip = branchFlip(text, node)
  return flip ? [flip] : []
}
