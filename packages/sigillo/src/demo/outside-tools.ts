import { createRequire } from 'node:module'
import { diffLines } from 'diff'
import { minify } from 'terser'
import { ruffShape } from './shapes.ts'

/** Python through ruff's formatter (compiled to WebAssembly by its makers). @throws Error when the text does not parse */
export function formatPython(text: string): string {
  const ruff = ruffShape.parse(createRequire(import.meta.url)('@astral-sh/ruff-wasm-nodejs'))
  return new ruff.Workspace({ 'line-length': 88 }, ruff.PositionEncoding.Utf16).format(text)
}

/** JavaScript through terser: compressed, names mangled, top level included. */
export async function minifyJavaScript(text: string): Promise<string> {
  const { code } = await minify(text, { module: true, compress: true, mangle: { toplevel: true } })
  return code ?? ''
}

/**
 * Merges two copies line by line with jsdiff: of each place where they differ, `chooseFirst` says whose lines go in. Where both sides have as many lines, it is asked for each line.
 */
export function mergeLines(first: string, second: string, chooseFirst: () => boolean): string {
  const merged: string[] = []
  const changes = diffLines(first, second)
  for (let index = 0; index < changes.length; index += 1) {
    const change = changes[index]
    const next = changes[index + 1]
    if (change === undefined) continue
    if (change.removed && next?.added === true) {
      merged.push(mergeHunk(change.value, next.value, chooseFirst))
      index += 1
    } else if (!change.added && !change.removed) merged.push(change.value)
    else if (chooseFirst() === change.removed) merged.push(change.value)
  }
  return merged.join('')
}

function mergeHunk(first: string, second: string, chooseFirst: () => boolean): string {
  const ours = linesOf(first)
  const theirs = linesOf(second)
  if (ours.length !== theirs.length) return chooseFirst() ? first : second
  return ours.map((line, index) => (chooseFirst() ? line : (theirs[index] ?? line))).join('')
}

function linesOf(text: string): readonly string[] {
  return text.split(/(?<=\n)/)
}
