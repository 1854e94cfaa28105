import { childByField, type SyntaxNode } from '@sigillo/syntax/tree'
import { type BranchRules, branchFlip, type ChoiceShape } from '../../internal/code/branch-swaps.ts'
import type { SiteDraft } from '../../language.ts'

/** Go has no conditional expression. */
export const GO_CHOICES: ChoiceShape = { ternary: null, block: 'block' }

const BARE: ReadonlySet<string> = new Set(['identifier', 'call_expression', 'selector_expression', 'index_expression'])

const RULES: BranchRules = {
  shape: GO_CHOICES,
  mayNegate: (condition) => BARE.has(condition.type),
  isRelation: (condition) => childByField(condition, 'operator') !== null,
  isPlain: () => false,
}

/** `if a == b { … } else { … }` turned round. */
export function goBranchFlip(text: string, node: SyntaxNode): SiteDraft | null {
  return branchFlip(text, node, RULES)
}
