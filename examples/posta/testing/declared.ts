/** One declared site of a file: the line (from 0) that holds `alternatives[0]`. */
export interface Declared {
  readonly line: number
  readonly kind: string
  readonly alternatives: readonly string[]
}

/** A file without its declarations, and what they declared. */
export interface DeclaredFile {
  readonly path: string
  readonly lines: readonly string[]
  readonly sites: readonly Declared[]
}

const DECLARATION = /\s*(?:#|\/\/|<!--)\s*sigillo:mark ([a-z-]+) (.*?)\s*(?:-->)?$/

/** Takes the declarations out of a file. A second, small reading of the syntax, so that the bundle is not judged by the code it feeds. */
export function readDeclared(path: string, text: string): DeclaredFile {
  const sites: Declared[] = []
  const lines = text.split('\n').map((line, index) => {
    const match = DECLARATION.exec(line)
    if (match === null) return line
    sites.push({ line: index, kind: match[1] ?? '', alternatives: (match[2] ?? '').split(' | ') })
    return line.slice(0, match.index)
  })
  return { path, lines, sites }
}

/** How often the site's first alternative stands on its line as a whole literal (prose: as text). */
export function literalCount(file: DeclaredFile, site: Declared): number {
  return (file.lines[site.line] ?? '').split(literal(file, site, 0)).length - 1
}

/** The file with the chosen alternative of each site. */
export function renderDeclared(file: DeclaredFile, choose: (site: Declared, index: number) => number): string {
  const lines = [...file.lines]
  for (const [index, site] of file.sites.entries()) {
    const chosen = literal(file, site, choose(site, index))
    lines[site.line] = (lines[site.line] ?? '').replace(literal(file, site, 0), () => chosen)
  }
  return lines.join('\n')
}

function literal(file: DeclaredFile, site: Declared, index: number): string {
  const text = site.alternatives[index] ?? ''
  if (file.path.endsWith('.md') || /^\d+$/.test(text)) return text
  return file.path.endsWith('.py') ? `"${text}"` : `'${text}'`
}

/** Lines (from 0) on which `text` stands as a whole word, letter case aside. */
export function linesWith(file: DeclaredFile, text: string): readonly number[] {
  return file.lines.flatMap((line, index) => (wholeWord(text).test(line) ? [index] : []))
}

/** Matches `text` where no letter or digit touches it. */
export function wholeWord(text: string): RegExp {
  const escaped = text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll(' ', '\\s+')
  return new RegExp(`(?<![0-9A-Za-z])${escaped}(?![0-9A-Za-z])`, 'i')
}
