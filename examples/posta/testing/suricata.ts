import type { Transaction } from './record.ts'

/** One Suricata rule, taken apart into its options in order. */
export interface SuricataRule {
  readonly sid: number
  readonly options: readonly { readonly key: string; readonly value: string }[]
}

/** Buffers the bundle's rules look at. */
const BUFFERS: Readonly<Record<string, (seen: Transaction) => string>> = {
  'http.uri': (seen) => seen.uri,
  'http.request_body': (seen) => seen.requestBody,
  'http.stat_code': (seen) => seen.status,
  'http.header': (seen) => seen.responseHeaders,
  'file.data': (seen) => seen.responseBody,
}

/** Reads rules; throws on a line that is neither a comment nor `alert http … (…)`, and on an unquoted or unended option. */
export function parseSuricata(text: string): readonly SuricataRule[] {
  return text
    .split('\n')
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const inside = /^alert http \S+ any -> \S+ any \((.*;)\)$/.exec(line)?.[1]
      if (inside === undefined) throw new Error(`not a rule: ${line.slice(0, 60)}`)
      const options = [...inside.matchAll(/\s*([a-z_.]+)(?::((?:"[^"]*"|[^";])*))?;/g)]
      if (options.map((match) => match[0]).join('') !== inside) throw new Error(`bad options: ${line.slice(0, 60)}`)
      const pairs = options.map((match) => ({ key: match[1] ?? '', value: match[2] ?? '' }))
      return { sid: Number(pairs.find(({ key }) => key === 'sid')?.value), options: pairs }
    })
}

/** Whether contents and regular expressions of a rule hold for one transaction. Thresholds, flow and flowbits are left out. */
export function suricataMatches(rule: SuricataRule, seen: Transaction): boolean {
  let buffer = ''
  return rule.options.every(({ key, value }, index) => {
    const read = BUFFERS[key]
    if (read !== undefined) buffer = read(seen)
    if (key === 'pcre') return regularExpression(value).test(buffer)
    if (key !== 'content') return true
    const modifiers = rule.options.slice(index + 1).map((option) => option.key)
    const own = modifiers.slice(
      0,
      modifiers.findIndex((name) => !['nocase', 'startswith'].includes(name)),
    )
    return contentHolds(value, buffer, own)
  })
}

function contentHolds(value: string, buffer: string, modifiers: readonly string[]): boolean {
  const fold = (text: string): string => (modifiers.includes('nocase') ? text.toLowerCase() : text)
  const wanted = value.slice(1, -1).replace(/\|([0-9a-f ]+)\|/gi, (_, hex: string) =>
    hex
      .trim()
      .split(/\s+/)
      .map((byte) => String.fromCharCode(Number.parseInt(byte, 16)))
      .join(''),
  )
  return modifiers.includes('startswith') ? fold(buffer).startsWith(fold(wanted)) : fold(buffer).includes(fold(wanted))
}

function regularExpression(value: string): RegExp {
  const [, source = '', flags = ''] = /^"\/(.*)\/([a-z]*)"$/.exec(value) ?? []
  if (source === '') throw new Error(`not a pcre: ${value}`)
  return new RegExp(source, flags)
}
