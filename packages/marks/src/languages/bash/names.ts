import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { commandName, functionAround, functionNames, textOf } from './scope.ts'

/** One mention of a variable. */
interface Use extends Span {
  readonly name: string
  readonly fn: SyntaxNode | null
  readonly binds: 'local' | 'assign' | null
  /** True for an assignment that stands directly in the script. */
  readonly top: boolean
}

const OWN_NAME = /^[a-z][a-z0-9_]{2,}$/

/**
 * Variables with natural synonyms. Variables live on in the functions that are called, so a local is only renamed where no function uses the name
 * without declaring it, and a global everywhere at once, when the script sets it before anything could use it.
 */
export function variableNames(text: string, root: SyntaxNode): SiteDraft[] {
  const { uses, fixed } = mentions(text, root)
  const byName = Map.groupBy(uses, (use) => use.name)
  const functions = functionNames(text, root)
  const firstCall = firstCallOf(text, root, functions)
  const taken = new Set([...text.matchAll(/[A-Za-z_]\w*/g)].map(([word]) => word))
  const free = [...byName].filter(
    ([name, own]) => OWN_NAME.test(name) && !fixed.has(name) && !functions.has(name) && own.length > 1,
  )
  const drafts: SiteDraft[] = []
  const global = createNamer(taken, 'snake')
  const given: string[] = []
  for (const [name, own] of free.filter(([, own]) => isOwnGlobal(own, firstCall))) {
    const words = global(name)
    if (words) given.push(...words)
    if (words) drafts.push(nameDraft(spansOf(own), words))
  }
  const namers = new Map<SyntaxNode, ReturnType<typeof createNamer>>()
  for (const [name, own] of free.filter(([, own]) => isLocalEverywhere(own)))
    for (const [fn, mine] of Map.groupBy(own, (use) => use.fn)) {
      if (!fn || mine.length < 2) continue
      const namer = namers.get(fn) ?? createNamer([...taken, ...given], 'snake')
      namers.set(fn, namer)
      const words = namer(name)
      if (words) drafts.push(nameDraft(spansOf(mine), words))
    }
  return drafts
}

function spansOf(uses: readonly Use[]): Span[] {
  return uses.map(({ start, end }) => ({ start, end }))
}

/** True when every function that mentions the name declares it first, and nothing outside functions does. */
function isLocalEverywhere(uses: readonly Use[]): boolean {
  const groups = [...Map.groupBy(uses, (use) => use.fn)]
  return groups.every(([fn, own]) => fn !== null && own[0]?.binds === 'local')
}

/** True when the script itself sets the variable before it runs anything that could use it, and no function has one of its own. */
function isOwnGlobal(uses: readonly Use[], firstCall: number): boolean {
  const set = uses.find((use) => use.fn === null && use.top)
  if (!set || uses.some((use) => use.binds === 'local')) return false
  return set.start < firstCall && uses.every((use) => use.fn !== null || use.start >= set.start)
}

/** Where the script itself first runs a function; functions that functions call come later. */
function firstCallOf(text: string, root: SyntaxNode, functions: ReadonlySet<string>): number {
  let first = text.length
  walkTree(root, (node) => {
    if (node.type === 'function_definition') return false
    if (functions.has(commandName(text, node))) first = Math.min(first, node.start)
    return true
  })
  return first
}

interface Mentions {
  readonly uses: Use[]
  /** Names that other text may know: exported, read from a word, spelled out anywhere but as a variable. */
  readonly fixed: Set<string>
}

function mentions(text: string, root: SyntaxNode): Mentions {
  const uses: Use[] = []
  const fixed = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'variable_name') uses.push(useOf(text, node))
    else if (node.type === 'word' && isRead(text, node)) uses.push({ ...useOf(text, node), binds: 'assign' })
    else for (const name of knownElsewhere(text, node)) fixed.add(name)
  })
  return { uses, fixed }
}

/** Names that a node makes known by their spelling. */
function knownElsewhere(text: string, node: SyntaxNode): readonly string[] {
  const word = textOf(text, node)
  if (node.type === 'word') return /^\w+$/.test(word) ? [word] : []
  if (isText(node)) return spelledOut(word)
  const declares = node.type === 'declaration_command' && node.children[0]?.type !== 'local'
  return declares ? exportedBy(text, node) : []
}

function isText(node: SyntaxNode): boolean {
  return [
    'raw_string',
    'string_content',
    'heredoc_body',
    'ansi_c_string',
    'regex',
    'extglob_pattern',
    'ERROR',
  ].includes(node.type)
}

/** Names that a text holds as variables, or that are all it holds. */
function spelledOut(content: string): string[] {
  const whole = /^["'$]*(\w+)["']*$/.exec(content)
  return [...(whole ? [whole[1]!] : []), ...[...content.matchAll(/\$\{?(\w+)/g)].map(([, name]) => name!)]
}

/** `read -r name`. */
function isRead(text: string, node: SyntaxNode): boolean {
  const command = node.parent
  return command?.type === 'command' && node.field === 'argument' && commandName(text, command) === 'read'
}

function useOf(text: string, node: SyntaxNode): Use {
  const parent = node.parent
  const assignment = parent?.type === 'variable_assignment' && node.field === 'name' ? parent : null
  return {
    name: textOf(text, node),
    start: node.start,
    end: node.end,
    fn: functionAround(node),
    binds: isDeclared(assignment ?? node) ? 'local' : assignment || node.field === 'variable' ? 'assign' : null,
    top: assignment?.parent?.type === 'program' && assignment.children[1]?.type === '=',
  }
}

function isDeclared(node: SyntaxNode): boolean {
  return node.parent?.type === 'declaration_command' && node.parent.children[0]?.type === 'local'
}

function exportedBy(text: string, node: SyntaxNode): string[] {
  return namedChildren(node).map((child) => textOf(text, childByField(child, 'name') ?? child))
}

/** Names a script gives to other programs. */
export function exportedNames(text: string, root: SyntaxNode): Set<string> {
  const names = new Set<string>()
  walkTree(root, (node) => {
    if (node.type === 'declaration_command' && /-\w*x|^export/.test(textOf(text, node)))
      for (const name of exportedBy(text, node)) names.add(name)
  })
  return names
}
