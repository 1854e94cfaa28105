import { childByField, namedChildren, type SyntaxNode, walkTree } from '@sigillo/syntax/tree'
import { nameDraft } from '../../internal/code/drafts.ts'
import { createNamer } from '../../internal/code/synonyms.ts'
import type { SiteDraft } from '../../language.ts'
import type { Span } from '../../site.ts'
import { type Binding, bindingsIn, listingsIn, usesReflection, walkScope } from './scope.ts'

const KEYWORDS =
  'alias and begin break case class def defined do else elsif end ensure false for if in module next nil not or redo rescue retry return self super then true undef unless until when while yield it puts print raise loop format proc'.split(
    ' ',
  )
const UNITS: ReadonlySet<string> = new Set(['program', 'method', 'singleton_method'])

/** Local variables and positional parameters of methods, and locals of the script itself, that have natural synonyms. */
export function localNames(text: string, root: SyntaxNode): SiteDraft[] {
  if (listingsIn(text, root).has('parameters')) return []
  const units: SyntaxNode[] = []
  const methods = new Set<string>(KEYWORDS)
  walkTree(root, (node) => {
    if (UNITS.has(node.type)) units.push(node)
    const name = node.type === 'method' || node.type === 'singleton_method' ? childByField(node, 'name') : null
    if (name) methods.add(text.slice(name.start, name.end))
  })
  return units.flatMap((unit) => namesOf(text, unit, methods))
}

/** Patterns bind names in ways of their own. */
const UNSURE = /^(?:case_match|match_pattern|test_pattern|alias|undef|ERROR)$/

function namesOf(text: string, unit: SyntaxNode, methods: ReadonlySet<string>): SiteDraft[] {
  const uses = usesReflection(text, unit) ? null : usesIn(text, unit)
  if (!uses) return []
  const bindings = new Map<string, Binding[]>()
  for (const binding of bindingsIn(unit)) {
    const name = text.slice(binding.name.start, binding.name.end)
    bindings.set(name, [...(bindings.get(name) ?? []), binding])
  }
  const namer = createNamer([...uses.spans.keys(), ...uses.fixed, ...methods], 'snake')
  const drafts: SiteDraft[] = []
  for (const [name, own] of bindings) {
    const spans = uses.spans.get(name) ?? []
    if (uses.fixed.has(name) || methods.has(name) || !isLocalThroughout(own, spans)) continue
    const words = namer(name)
    if (words) drafts.push(nameDraft(spans, words, isParameter(own) ? 'parameter-name' : 'local-name'))
  }
  return drafts
}

/** True for what the method itself is given, by place. */
function isParameter(bindings: readonly Binding[]): boolean {
  return bindings.some(({ name }) => {
    const list = name.parent?.type.endsWith('_parameter') ? name.parent.parent : name.parent
    return list?.type === 'method_parameters'
  })
}

function isLocalThroughout(bindings: readonly Binding[], uses: readonly Span[]): boolean {
  if (uses.length < 2 || bindings.some((binding) => binding.fixed)) return false
  return uses.every((use) => bindings.some((binding) => reaches(binding, use)))
}

/** A name is a local from its binding on, in the scope of that binding; before, it is a method. */
function reaches({ name, scope }: Binding, use: Span): boolean {
  return name.start <= use.start && scope.start <= use.start && use.end <= scope.end
}

interface Uses {
  readonly spans: Map<string, Span[]>
  /** Names that must stay: methods called, keys that are the name of a local, groups that a match binds. */
  readonly fixed: Set<string>
}

/** Identifiers of one scope; null where names cannot be told from other things. */
function usesIn(text: string, unit: SyntaxNode): Uses | null {
  const spans = new Map<string, Span[]>()
  const fixed = new Set<string>()
  let unsure = false
  walkScope(unit, (node) => {
    const word = text.slice(node.start, node.end)
    unsure ||= UNSURE.test(node.type)
    if (node.type === 'identifier' && isMethod(node)) {
      if (!childByField(node.parent!, 'receiver')) fixed.add(word)
    } else if (node.type === 'identifier')
      spans.set(word, [...(spans.get(word) ?? []), { start: node.start, end: node.end }])
    else if (node.type === 'hash_key_symbol' && node.parent && namedChildren(node.parent).length === 1) fixed.add(word)
    else if (node.type === 'regex') for (const [, group] of word.matchAll(/\(\?<(\w+)>/g)) fixed.add(group!)
  })
  return unsure ? null : { spans, fixed }
}

function isMethod(node: SyntaxNode): boolean {
  const parent = node.parent
  if (parent?.type === 'call') return node.field === 'method'
  return node.field === 'name' && (parent?.type === 'method' || parent?.type === 'singleton_method')
}
