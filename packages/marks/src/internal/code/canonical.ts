import type { SyntaxNode, SyntaxTree } from '@sigillo/syntax/tree'
import type { PlanFile } from '../../site.ts'
import { type ClassTable, classTable } from './classes.ts'
import { type Choice, type Idiom, normaliseNumber } from './model.ts'
import { decodeEscapes } from './string-literals.ts'

/** Which nodes of a grammar mean what, for the canonical form. */
export interface CanonicalRules {
  /** Nodes whose children are compared without their order: blocks, literals, argument lists. */
  readonly unordered: ReadonlySet<string>
  readonly comparisons: ReadonlySet<string>
  readonly strings: ReadonlySet<string>
  readonly numbers: ReadonlySet<string>
  readonly identifiers: ReadonlySet<string>
  /** Words and pieces of strings that stand without quotes of their own: values, or names that a command is given as words. */
  readonly bare?: ReadonlySet<string>
  /** Operands that may change places: the whole chain of `and` or `or`, both sides of a commutative operator; null for other nodes. */
  readonly operands?: (node: SyntaxNode) => readonly SyntaxNode[] | null
  readonly choice?: (node: SyntaxNode) => Choice | null
  readonly idiom?: (node: SyntaxNode, text: string) => Idiom | null
}

interface Form {
  readonly text: string
  readonly table: ClassTable
  readonly rules: CanonicalRules
}

/**
 * The tree as a text in which all variants of a file's sites look alike: lists without their order, comparisons in one direction, names and
 * wire values of one pool the same. Comments and layout are gone. Two copies of one file agree in it; a copy whose code was lost, doubled or
 * changed otherwise does not. Weaker than equality of meaning: it would not see a move within one list that no site allows.
 */
export function canonicalForm(file: PlanFile, tree: SyntaxTree, rules: CanonicalRules): string {
  return formOf(tree.root, { text: tree.text, table: classTable(file), rules })
}

function formOf(node: SyntaxNode, form: Form): string {
  const leaf = leafForm(node, form)
  if (leaf !== null) return leaf
  const children = node.children.filter((child) => child.type !== 'comment')
  const alike = alikeForm(node, form)
  if (alike !== null) return alike
  if (children.length === 0) return JSON.stringify(form.text.slice(node.start, node.end))
  if (form.rules.comparisons.has(node.type)) return comparisonForm(node, children, form)
  if (!form.rules.unordered.has(node.type))
    return `(${node.type} ${children.map((child) => formOf(child, form)).join(' ')})`
  const items = children.filter((child) => child.named).map((child) => formOf(child, form))
  return `(${node.type} ${items.sort().join(' ')})`
}

/** The form of a node that the language says can be written in several ways; null for all others. */
function alikeForm(node: SyntaxNode, form: Form): string | null {
  const { rules } = form
  const operands = rules.operands?.(node)
  if (operands) {
    const operator = node.children.find((child) => child.field === 'operator')?.type ?? ''
    const forms = operands.map((operand) => formOf(operand, form)).sort()
    return `(${node.type} ${JSON.stringify(operator)} ${forms.join(' ')})`
  }
  const choice = rules.choice?.(node)
  if (choice) return choiceForm(choice, form)
  const idiom = rules.idiom?.(node, form.text)
  return idiom ? `(${idiom.family} ${idiom.essence.map((child) => formOf(child, form)).join(' ')})` : null
}

function choiceForm({ form: written, condition, relation, whenTrue, whenFalse }: Choice, form: Form): string {
  const [left, , right] = condition.children
  const tested =
    relation !== null && left && right
      ? `(${JSON.stringify(relation)} ${formOf(left, form)} ${formOf(right, form)})`
      : formOf(condition, form)
  return `(${written} ${tested} ${formOf(whenTrue, form)} ${formOf(whenFalse, form)})`
}

function leafForm(node: SyntaxNode, { text, table, rules }: Form): string | null {
  const source = text.slice(node.start, node.end)
  if (rules.identifiers.has(node.type)) return `v:${table.names.get(source) ?? source}`
  if (rules.numbers.has(node.type)) {
    const value = normaliseNumber(source)
    return `n:${table.numbers.get(value) ?? value}`
  }
  if (rules.bare?.has(node.type)) return bareForm(source, table)
  if (!rules.strings.has(node.type)) return null
  const opening = /^[A-Za-z]*("""|'''|["'`])/.exec(source)
  if (!opening) return null
  const [before, quote] = [opening[0], opening[1]!]
  const content = source.slice(before.length, source.length - quote.length)
  const value = /r/i.test(before) ? content : decodeEscapes(content)
  const pool = table.strings.get(value)
  return pool === undefined ? null : `s:${JSON.stringify(pool)}`
}

function bareForm(source: string, table: ClassTable): string | null {
  const pool = table.strings.get(decodeEscapes(source)) ?? table.names.get(source)
  return pool === undefined ? null : `s:${JSON.stringify(pool)}`
}

const MIRROR: Readonly<Record<string, string>> = { '>': '<', '>=': '<=' }

function comparisonForm(node: SyntaxNode, children: readonly SyntaxNode[], form: Form): string {
  const [left, operator, right] = children
  const mirrored = operator && children.length === 3 ? MIRROR[operator.type] : undefined
  if (!left || !right || mirrored === undefined)
    return `(${node.type} ${children.map((child) => formOf(child, form)).join(' ')})`
  return `(${node.type} ${formOf(right, form)} ${JSON.stringify(mirrored)} ${formOf(left, form)})`
}
