import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { oneLine, swapDraft } from '../../internal/code/drafts.ts'
import { type Neighbours, neighbourPairs } from '../../internal/code/layout.ts'
import { namesUnordered } from '../../internal/code/member-names.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { isConstant, isReadOnly, methodName } from './expressions.ts'
import { listsDefinitions } from './scope.ts'

/** What a finder of members needs to know of the text around them. */
export interface MemberScene {
  readonly text: string
  /** Locals that exist where a node stands. */
  localsAt(node: SyntaxNode): ReadonlySet<string>
  /** Methods of this text that name every keyword they take. */
  readonly explicit: ReadonlySet<string>
}

/** Adjacent members of a literal, a call or a list of patterns whose order cannot matter. */
export function memberSwaps(scene: MemberScene, node: SyntaxNode): SiteDraft[] {
  const { text } = scene
  switch (node.type) {
    case 'hash':
      return isLookedUp(text, node) ? pairs(text, node, (member) => isQuietPair(scene, member)) : []
    case 'array':
      return isSearched(text, node) ? pairs(text, node, isConstant) : []
    case 'string_array':
    case 'symbol_array':
      return isSearched(text, node) ? pairs(text, node, () => true, /^\s+$/) : []
    case 'exceptions':
      return pairs(text, node, (member) => CORE_ERRORS.test(text.slice(member.start, member.end)))
    case 'argument_list':
      return argumentSwaps(scene, node)
    case 'when':
      return pairs(text, node, (member) => member.type === 'pattern' && isDistinctive(member.children[0]))
    default:
      return []
  }
}

/** Errors that are always defined: naming one too early cannot fail. */
const CORE_ERRORS =
  /^(?:(?:Argument|Type|Name|NoMethod|Key|Index|Range|ZeroDivision|Frozen|Runtime|Standard|SystemCall|NotImplemented|Regexp|FloatDomain|Security|Load|IO|EOF|Thread|Fiber|Encoding)Error|Interrupt|StopIteration|Errno::(?:E[A-Z]+))$/

function pairs(
  text: string,
  list: SyntaxNode,
  passes: (member: SyntaxNode) => boolean,
  gap: RegExp = /^\s*,\s*$/,
): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const { first, second, between } of neighbourPairs(list)) {
    if (between.length > 0 || !passes(first) || !passes(second) || endsWithComment(text, second)) continue
    if (!gap.test(text.slice(first.end, second.start)) || keyOf(text, first) === keyOf(text, second)) continue
    drafts.push(swapDraft('member-order', [first, second], [keyOf(text, first), keyOf(text, second)]))
  }
  return drafts
}

/** A comment at the end of the second member's line would then seem to belong to the first. */
function endsWithComment(text: string, node: SyntaxNode): boolean {
  const end = text.indexOf('\n', node.end)
  return /(?:^|\s)#/.test(text.slice(node.end, end < 0 ? text.length : end))
}

/** What tells a member from others; `:a =>` and `a:` are the same key. */
function keyOf(text: string, node: SyntaxNode): string {
  const key = childByField(node, 'key') ?? node
  return oneLine(text.slice(key.start, key.end)).replace(/^:/, '').slice(0, 36)
}

/** `key: value` where reading the value can do nothing. */
function isQuietPair(scene: MemberScene, node: SyntaxNode): boolean {
  const key = childByField(node, 'key')
  const value = childByField(node, 'value')
  if (node.type !== 'pair' || !key || !value) return false
  if (key.type !== 'hash_key_symbol' && key.type !== 'simple_symbol' && !(key.type === 'string' && isConstant(key)))
    return false
  return isReadOnly(scene.text, value, scene.localsAt(value))
}

/** A string, symbol or number in a `when`: no value matches two different ones. */
function isDistinctive(node: SyntaxNode | undefined): node is SyntaxNode {
  return node !== undefined && isConstant(node) && /^(?:string|simple_symbol|integer)$/.test(node.type)
}

/** `[…].include?(x)`. */
function isSearched(text: string, node: SyntaxNode): boolean {
  const call = node.parent
  return call?.type === 'call' && node.field === 'receiver' && methodName(text, call) === 'include?'
}

/** True when the hash goes, by its place or its name, to something that looks keys up. */
function isLookedUp(text: string, node: SyntaxNode): boolean {
  const parent = node.parent
  if (parent?.type === 'pair') {
    const key = childByField(parent, 'key')
    return key !== null && namesUnordered(text.slice(key.start, key.end).replace(/^:/, ''))
  }
  if (parent?.type === 'assignment') {
    const target = childByField(parent, 'left')
    if (!target || !/^(?:identifier|instance_variable|constant)$/.test(target.type)) return false
    return namesUnordered(text.slice(target.start, target.end).replace(/^@/, ''))
  }
  const call = parent?.type === 'argument_list' ? parent.parent : null
  return call !== null && /^(?:encode_www_form|set_form_data|generate)$/.test(methodName(text, call))
}

/** Methods of Ruby's own library whose keywords have no order. */
const KEYWORDS_UNORDERED =
  /^(?:start|parse|open|spawn|system|capture2e?|capture3|popen3|encode|round|sum|new_from_hash|build|read|write|foreach|copy_file|cp_r|rm_r|mkdir_p)$/
const DECLARING =
  /^(?:attr_reader|attr_writer|attr_accessor|private_constant|private|public|protected|module_function)$/

function argumentSwaps(scene: MemberScene, list: SyntaxNode): SiteDraft[] {
  const { text } = scene
  const call = list.parent
  if (call?.type !== 'call') return []
  const name = methodName(text, call)
  const bare = !childByField(call, 'receiver')
  if (bare && DECLARING.test(name) && call.parent?.type === 'body_statement' && !listsDefinitions(text, list))
    return pairs(text, list, (member) => member.type === 'simple_symbol')
  const known = bare ? scene.explicit.has(name) : KEYWORDS_UNORDERED.test(name)
  const splat = namedChildren(list).some((child) => child.type === 'hash_splat_argument')
  return known && !splat ? pairs(text, list, (member) => isQuietPair(scene, member)) : []
}

/** Names of methods of a text that take keywords and collect none in a hash, however often they are defined. */
export function explicitMethods(text: string, root: SyntaxNode): Set<string> {
  const explicit = new Set<string>()
  const open = new Set<string>()
  walkTree(root, (node) => {
    const name = node.type === 'method' || node.type === 'singleton_method' ? childByField(node, 'name') : null
    if (!name) return
    const parameters = childByField(node, 'parameters')?.children ?? []
    const keywords = parameters.some((child) => child.type === 'keyword_parameter')
    const collects = parameters.some((child) => /^(?:hash_splat|splat|forward)_parameter$/.test(child.type))
    ;(keywords && !collects ? explicit : open).add(text.slice(name.start, name.end))
  })
  return new Set([...explicit].filter((name) => !open.has(name)))
}

/** Libraries of Ruby itself that change nothing of each other. */
const INDEPENDENT =
  /^(?:json|net\/https?|uri|socket|openssl|digest(?:\/\w+)?|base64|time|date|securerandom|optparse|fileutils|tempfile|tmpdir|pathname|open3|timeout|logger|erb|cgi|csv|zlib|stringio|strscan|set|forwardable|singleton|delegate|ostruct|shellwords|benchmark|io\/console|etc|find|monitor|ipaddr|resolv|pstore|weakref|yaml)$/

/** Adjacent `require` lines of libraries that do not know each other. */
export function requireSwaps(text: string, list: SyntaxNode): SiteDraft[] {
  const drafts: SiteDraft[] = []
  for (const { first, second, between } of neighbourPairs(list)) {
    const [a, b] = [requiredName(text, first), requiredName(text, second)]
    if (a === null || b === null || a === b || between.length > 0) continue
    if (/^\s*\n\s*$/.test(text.slice(first.end, second.start)) && !endsWithComment(text, second))
      drafts.push(swapDraft('import-order', [first, second], [a, b]))
  }
  return drafts
}

function requiredName(text: string, node: SyntaxNode): string | null {
  const list = childByField(node, 'arguments')
  const only = list ? namedChildren(list) : []
  if (node.type !== 'call' || methodName(text, node) !== 'require' || only.length !== 1) return null
  const name = text.slice(only[0]!.start + 1, only[0]!.end - 1)
  return INDEPENDENT.test(name) ? name : null
}

/** A `when` clause up to the end of its last statement: comments after that may speak of the next clause. */
export function clauseSpan(clause: SyntaxNode): Span {
  const body = childByField(clause, 'body')
  const last = (body ? namedChildren(body).at(-1) : undefined) ?? body ?? clause
  return { start: clause.start, end: last.end }
}

/** Adjacent `when` clauses that no value can both match. */
export function clauseSwaps(text: string, node: SyntaxNode): SiteDraft[] {
  if (node.type !== 'case') return []
  const drafts: SiteDraft[] = []
  for (const pair of neighbourPairs(node)) {
    if (!areDisjoint(text, pair) || pair.between.length > 0) continue
    const parts = [clauseSpan(pair.first), clauseSpan(pair.second)] as const
    const plain =
      /^\s*\n\s*$/.test(text.slice(parts[0].end, parts[1].start)) &&
      !endsWithComment(text, { ...pair.second, ...parts[1] })
    if (plain)
      drafts.push(swapDraft('case-order', parts, [clauseName(text, pair.first), clauseName(text, pair.second)]))
  }
  return drafts
}

function areDisjoint(text: string, { first, second }: Neighbours): boolean {
  const [a, b] = [patternsOf(first), patternsOf(second)]
  if (!a || !b) return false
  const words = new Set(a.map((pattern) => spellingOf(text, pattern)))
  return b.every((pattern) => !words.has(spellingOf(text, pattern)))
}

/** The constants a clause stands for; null when it is anything else. */
function patternsOf(clause: SyntaxNode): SyntaxNode[] | null {
  const patterns = clause.children.filter((child) => child.type === 'pattern').map((child) => child.children[0])
  const plain = patterns.filter(isDistinctive)
  return clause.type === 'when' && plain.length > 0 && plain.length === patterns.length ? plain : null
}

/** Equal for equal constants, whatever the quotes; numbers in any but plain decimal spelling all look equal, to be safe. */
function spellingOf(text: string, node: SyntaxNode): string {
  const source = text.slice(node.start, node.end)
  if (node.type === 'string') return source.includes('\\') ? 'string' : `string ${source.slice(1, -1)}`
  return node.type === 'integer' && !/^(?:0|[1-9]\d*)$/.test(source) ? 'integer' : source
}

function clauseName(text: string, clause: SyntaxNode): string {
  const pattern = childByField(clause, 'pattern') ?? clause
  return oneLine(`when ${text.slice(pattern.start, pattern.end)}`).slice(0, 36)
}
