import type { CaseFile } from './case-file.ts'
import { filledText, list, numberAt, objectAt, text, type Field } from './internal/field.ts'
import type { DeclaredOrder } from './temporal-network.ts'

/**
 * The orders that a case file declares in its optional `orders`: `[{ first, second, min_days?, max_days?, source }]`; without `min_days` the first is only not after the second.
 * @throws ChronologyError `bad-case-file`
 */
export function ordersOf(caseFile: Pick<CaseFile, 'extra'>): readonly DeclaredOrder[] {
  const top: Field = { value: caseFile.extra, path: '', code: 'bad-case-file' }
  return list(top, 'orders', 10_000).map((value, i) => {
    const field = objectAt(value, `orders[${i}]`, 'bad-case-file')
    return {
      first: filledText(field, 'first'),
      second: filledText(field, 'second'),
      minDays: numberAt(field, 'min_days', 0),
      maxDays: (field.value['max_days'] ?? null) === null ? null : numberAt(field, 'max_days'),
      source: text(field, 'source', ''),
    }
  })
}
