import { childByField, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs, partsOf } from '../../internal/code/layout.ts'
import type { SiteDraft } from '../../language.ts'
import { assignmentOf, functionAround, isAutomatic, isTotal, namesIn, textOf } from './scope.ts'

/** What is known of the script around a list. */
export interface ScriptScene {
  readonly text: string
  readonly root: SyntaxNode
  readonly functions: ReadonlySet<string>
  readonly reflective: boolean
}

/** Adjacent functions and statements that may change places without anybody noticing. */
export function listSwaps(scene: ScriptScene, list: SyntaxNode): SiteDraft[] {
  if (list.type !== 'statement_list') return []
  const { text } = scene
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(list)) {
    const functions = functionPair(text, list, pair)
    const parts = functions || mayExchange(scene, list, pair) ? partsOf(text, pair, functions !== null) : null
    if (
      parts &&
      functions &&
      text.slice(parts[0].end, parts[1].start).includes('\n') &&
      !/#requires/i.test(text.slice(parts[0].start, parts[1].end))
    )
      drafts.push(swapDraft('function-order', parts, functions))
    else if (parts && !functions)
      drafts.push(swapDraft('statement-order', parts, [shown(text, pair.first), shown(text, pair.second)]))
  }
  return drafts
}

function shown(text: string, node: SyntaxNode): string {
  return oneLine(textOf(text, node)).slice(0, 36)
}

function functionName(text: string, node: SyntaxNode): string {
  return node.type === 'function_statement'
    ? textOf(
        text,
        node.children.find((child) => child.type === 'function_name'),
      )
    : ''
}

/** Names of two functions that are defined once each. */
function functionPair(text: string, list: SyntaxNode, { first, second }: Neighbours): [string, string] | null {
  const [a, b] = [functionName(text, first), functionName(text, second)]
  if (a === '' || b === '') return null
  const names = list.children.map((child) => functionName(text, child).toLowerCase())
  const once = (name: string): boolean => names.filter((other) => other === name.toLowerCase()).length === 1
  return once(a) && once(b) ? [a, b] : null
}

function mayExchange(scene: ScriptScene, list: SyntaxNode, { first, second }: Neighbours): boolean {
  if (scene.reflective || !disjoint(scene.text, first, second)) return false
  const [bindsA, bindsB] = [isTotalBinding(scene.text, first), isTotalBinding(scene.text, second)]
  if (bindsA && bindsB) return true
  const third = list.children[list.children.indexOf(second) + 1]
  if ([first, second, third].some((node) => /\$\?|\$LASTEXITCODE/i.test(textOf(scene.text, node)))) return false
  if (isGuarded(first)) return false
  return (
    (bindsA && isPrivate(scene, first) && isOrdinary(scene, second)) ||
    (bindsB && isPrivate(scene, second) && isOrdinary(scene, first))
  )
}

function disjoint(text: string, first: SyntaxNode, second: SyntaxNode): boolean {
  const [a, b] = [namesIn(text, first), namesIn(text, second)]
  return [...a].every((name) => !b.has(name) || !(isWritten(text, first, name) || isWritten(text, second, name)))
}

function isWritten(text: string, node: SyntaxNode, name: string): boolean {
  let written = false
  walkTree(node, (inner) => {
    const [target] = inner.children
    const writes = inner.type === 'assignment_expression' || /increment|decrement/.test(inner.type)
    if (writes && target && namesIn(text, target.type === '++' || target.type === '--' ? inner : target).has(name))
      written = true
    return !written
  })
  return written
}

/** `$x = <literal>`. */
function isTotalBinding(text: string, node: SyntaxNode): boolean {
  const assignment = assignmentOf(node)
  if (!assignment) return false
  const name = textOf(text, assignment.target)
  return (
    /^\$(?:script:)?\w+$/i.test(name) &&
    !isAutomatic(name.replace(/^\$(?:script:)?/i, '')) &&
    isTotal(text, assignment.value)
  )
}

/** True where an error may be handled before it leaves the function. */
function isGuarded(node: SyntaxNode): boolean {
  for (let at: SyntaxNode | null = node; at; at = at.parent)
    if (at.type === 'try_statement' || at.children.some((child) => child.type === 'trap_statement')) return true
  return false
}

/** A variable that nothing outside its function mentions: what is called from here could see it. */
function isPrivate(scene: ScriptScene, node: SyntaxNode): boolean {
  const target = assignmentOf(node)?.target
  const fn = functionAround(node)
  const name = textOf(scene.text, target).slice(1).toLowerCase()
  if (!fn || !target || !/^\w+$/.test(name)) return false
  let elsewhere = false
  walkTree(scene.root, (inner) => {
    if (inner === fn || elsewhere) return false
    if (inner.type === 'variable' || inner.type === 'braced_variable') elsewhere = namesIn(scene.text, inner).has(name)
    return true
  })
  return !elsewhere
}

const SIMPLE: ReadonlySet<string> = new Set(['command', 'invokation_expression', 'assignment_expression'])

/** A cmdlet, a method or an assignment from one; no function of this script, no script block that runs later. */
function isOrdinary({ text, functions }: ScriptScene, node: SyntaxNode): boolean {
  let ordinary = SIMPLE.has(node.type)
  walkTree(node, (inner) => {
    if (inner.type === 'script_block_expression' || inner.type === 'flow_control_statement') ordinary = false
    if (inner.type !== 'command') return
    const name = textOf(text, childByField(inner, 'command_name'))
    if (!/^\w+-\w+$/.test(name) || functions.has(name.toLowerCase())) ordinary = false
  })
  return ordinary
}
