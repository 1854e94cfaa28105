import fc from 'fast-check'

type Schema = { readonly [key: string]: unknown }

/** Values that mostly fit a JSON schema (as zod writes them), and now and then do not. */
export function arbitraryOf(schema: unknown, depth: number = 0): fc.Arbitrary<unknown> {
  const fitting = fittingOf(isSchema(schema) ? schema : {}, depth)
  return depth > 4 ? fitting : fc.oneof({ weight: 19, arbitrary: fitting }, { weight: 1, arbitrary: fc.jsonValue() })
}

function fittingOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  if ('const' in schema) return fc.constant(schema['const'])
  const options = listOf(schema['enum'])
  if (options.length > 0) return fc.constantFrom(...options)
  const variants = [...listOf(schema['anyOf']), ...listOf(schema['oneOf'])]
  if (variants.length > 0) return fc.oneof(...variants.map((one) => arbitraryOf(one, depth + 1)))
  switch (schema['type']) {
    case 'object':
      return objectOf(schema, depth)
    case 'array':
      return fc.array(arbitraryOf(schema['items'], depth + 1), { maxLength: 4 })
    case 'string':
      return textOf(schema['pattern'])
    case 'integer':
    case 'number':
      return fc.oneof(fc.nat(10), fc.integer(), fc.double())
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    default:
      return fc.jsonValue()
  }
}

function objectOf(schema: Schema, depth: number): fc.Arbitrary<unknown> {
  const properties = isSchema(schema['properties']) ? schema['properties'] : {}
  const required = listOf(schema['required']).filter((name) => typeof name === 'string')
  const members = Object.fromEntries(
    Object.entries(properties).map(([name, member]) => [name, arbitraryOf(member, depth + 1)]),
  )
  return fc.record(members, { requiredKeys: required.filter((name) => name in members) })
}

/** Texts of a pattern where one is given that fast-check can follow; otherwise anything, with what breaks programs. */
function textOf(pattern: unknown): fc.Arbitrary<string> {
  const anything = fc.oneof(
    fc.string(),
    fc.string({ unit: 'binary' }),
    fc.constantFrom('', '\u0000', "' or 1=1 --", '../..'),
  )
  if (typeof pattern !== 'string' || pattern.length > 200) return anything
  try {
    return fc.oneof(
      { weight: 9, arbitrary: fc.stringMatching(new RegExp(pattern, 'u')) },
      { weight: 1, arbitrary: anything },
    )
  } catch {
    return anything
  }
}

function listOf(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : []
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
