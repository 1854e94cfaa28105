import { type Entry, type YamlDocument, parseYaml } from './tree.ts'

const KEY =
  /^([ \t]*)(title|id|related|name|status|description|references|author|date|modified|tags|logsource|detection|correlation|fields|falsepositives|level)[ \t]*:/

/**
 * The Sigma documents of any text: a whole file, files pasted one after the other with or without `---`, code fences, excerpts. Where the text as a
 * whole is no YAML, the blocks under Sigma's own top-level keys are parsed one by one.
 */
export function documentsIn(text: string): readonly YamlDocument[] {
  const whole = parseYaml(text, true)
  const documents = whole.ok ? whole.documents : [{ entries: blocksOf(text), plain: true }]
  return documents.flatMap(splitAtRepeats)
}

/** A mapping in which a key comes back holds several documents. */
function splitAtRepeats(document: YamlDocument): readonly YamlDocument[] {
  const parts: Entry[][] = [[]]
  let seen = new Set<string>()
  for (const entry of document.entries) {
    if (seen.has(entry.key)) {
      parts.push([])
      seen = new Set()
    }
    seen.add(entry.key)
    parts[parts.length - 1]?.push(entry)
  }
  return parts.filter((entries) => entries.length > 0).map((entries) => ({ entries, plain: document.plain }))
}

function blocksOf(text: string): readonly Entry[] {
  const entries: Entry[] = []
  let at = 0
  let open: { readonly start: number; readonly indent: number } | null = null
  for (const line of [...text.split('\n'), null]) {
    const key = line === null ? null : KEY.exec(line)
    if (open !== null && (line === null || !continues(line, open.indent))) {
      entries.push(...entriesOf(text.slice(open.start, at), open.start))
      open = null
    }
    if (key !== null && open === null) open = { start: at, indent: (key[1] ?? '').length }
    at += (line?.length ?? 0) + 1
  }
  return entries
}

/** A line belongs to the block above when it is blank, indented deeper, or a list item at the key's own depth. */
function continues(line: string, indent: number): boolean {
  if (line.trim() === '') return true
  const depth = line.length - line.trimStart().length
  return depth > indent || (depth === indent && line.trimStart().startsWith('- '))
}

function entriesOf(block: string, base: number): readonly Entry[] {
  const parsed = parseYaml(block, true, base)
  return parsed.ok ? parsed.documents.flatMap((document) => document.entries) : []
}
