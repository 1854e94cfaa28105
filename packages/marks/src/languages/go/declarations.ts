import { childByField, namedChildren, type SyntaxNode } from '@sigillo/syntax/tree'
import { swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { isTotal } from './expressions.ts'
import { specsOf } from './model.ts'
import type { FileScene } from './scene.ts'

/** Adjacent declarations of a package that may change places: the language knows no order between functions, methods and types. */
export function declarationSwaps(root: SyntaxNode, file: FileScene): SiteDraft[] {
  const { text } = file
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(root)) {
    const kind = kindOf(pair, file)
    const shown = [shownName(text, pair.first), shownName(text, pair.second)] as const
    const parts = kind && shown[0] !== shown[1] ? partsOf(text, pair, true) : null
    if (kind && parts && text.slice(parts[0].end, parts[1].start).includes('\n'))
      drafts.push(swapDraft(kind, parts, shown))
  }
  return drafts
}

function kindOf({ first, second }: Neighbours, file: FileScene): string | null {
  if (isFunction(file.text, first) && isFunction(file.text, second)) return 'function-order'
  if (first.type !== second.type) return null
  if (first.type === 'type_declaration') return 'function-order'
  if (first.type === 'const_declaration') return 'statement-order'
  return first.type === 'var_declaration' && isTotalVar(first, file) && isTotalVar(second, file)
    ? 'statement-order'
    : null
}

/** A function whose place means nothing: `init` runs in file order, and tests, benchmarks and examples do as well. */
function isFunction(text: string, node: SyntaxNode): boolean {
  if (node.type !== 'function_declaration' && node.type !== 'method_declaration') return false
  const name = childByField(node, 'name')
  return name !== null && !/^(?:_|init|(?:Test|Benchmark|Fuzz|Example).*)$/.test(text.slice(name.start, name.end))
}

function isTotalVar(node: SyntaxNode, { text, names }: FileScene): boolean {
  return specsOf(node).every((spec) => isTotalSpec(text, spec, names))
}

/** A package variable whose first value is computed without doing anything. */
export function isTotalSpec(text: string, spec: SyntaxNode, names: FileScene['names']): boolean {
  const values = childByField(spec, 'value')
  return !values || namedChildren(values).every((value) => isTotal(text, value, names))
}

function shownName(text: string, node: SyntaxNode): string {
  const spec = namedChildren(node).find((child) => /_spec(?:_list)?$|type_alias/.test(child.type))
  const inner = spec?.type === 'var_spec_list' ? namedChildren(spec)[0] : spec
  const name = childByField(inner ?? node, 'name')
  const receiver = childByField(node, 'receiver')
  const owner = receiver ? `${text.slice(receiver.start, receiver.end)}.` : ''
  return name ? owner + text.slice(name.start, name.end) : node.type
}
