import { parseTree, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { codeLanguage } from '../../internal/code/language.ts'
import type { Language, SiteDraft } from '../../language.ts'
import { comparisonFlip } from './comparisons.ts'
import { rubyLiterals } from './literals.ts'
import { clauseSwaps, explicitMethods, memberSwaps, type MemberScene, requireSwaps } from './members.ts'
import { methodSwaps } from './methods.ts'
import { rubyModel } from './model.ts'
import { localNames } from './names.ts'
import { operandsOf, operandSwaps } from './operands.ts'
import { type Binding, bindingsIn, hardScope, localsAt } from './scope.ts'
import { LISTS, statementSwaps } from './statements.ts'

/** Ruby, through tree-sitter's grammar. */
export const ruby: Language = codeLanguage({
  id: 'ruby',
  extensions: ['.rb', '.rake', '.gemspec'],
  comment: '#',
  enclosings: [],
  interpreter: /^#!.*\bruby/,
  parse: (text) => parseTree('ruby', text),
  model: rubyModel,
  propose: proposals,
  literals: rubyLiterals,
  canonical: {
    unordered: new Set([
      ...LISTS,
      'hash',
      'array',
      'string_array',
      'symbol_array',
      'argument_list',
      'exceptions',
      'case',
      'when',
    ]),
    comparisons: new Set(['binary']),
    strings: new Set(['string']),
    numbers: new Set(['integer', 'float']),
    identifiers: new Set(['identifier']),
    operands: operandsOf,
  },
})

function proposals(text: string, root: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = localNames(text, root)
  const scene = sceneOf(text, root)
  walkTree(root, (node) => {
    if (LISTS.has(node.type))
      drafts.push(...methodSwaps(text, node), ...statementSwaps(text, node), ...requireSwaps(text, node))
    if (node.type === 'binary') drafts.push(...binarySites(text, node, scene.localsAt(node)))
    drafts.push(...memberSwaps(scene, node), ...clauseSwaps(text, node))
  })
  return drafts
}

function binarySites(text: string, node: SyntaxNode, locals: ReadonlySet<string>): SiteDraft[] {
  const flip = comparisonFlip(text, node, locals)
  return flip ? [flip] : operandSwaps(text, node, locals)
}

function sceneOf(text: string, root: SyntaxNode): MemberScene {
  const bindings = new Map<SyntaxNode, readonly Binding[]>()
  return {
    text,
    explicit: explicitMethods(text, root),
    localsAt: (node) => {
      const unit = hardScope(node)
      const known = bindings.get(unit) ?? bindingsIn(unit)
      bindings.set(unit, known)
      return localsAt(text, known, node)
    },
  }
}
