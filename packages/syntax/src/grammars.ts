import { createRequire } from 'node:module'
import { Language, Parser } from 'web-tree-sitter'

/** Grammars bundled as WebAssembly: npm package and file inside it. */
const GRAMMARS = {
  bash: 'tree-sitter-bash/tree-sitter-bash.wasm',
  c: 'tree-sitter-c/tree-sitter-c.wasm',
  cpp: 'tree-sitter-cpp/tree-sitter-cpp.wasm',
  go: 'tree-sitter-go/tree-sitter-go.wasm',
  java: 'tree-sitter-java/tree-sitter-java.wasm',
  javascript: 'tree-sitter-javascript/tree-sitter-javascript.wasm',
  php: 'tree-sitter-php/tree-sitter-php.wasm',
  powershell: 'tree-sitter-powershell/tree-sitter-powershell.wasm',
  python: 'tree-sitter-python/tree-sitter-python.wasm',
  ruby: 'tree-sitter-ruby/tree-sitter-ruby.wasm',
  tsx: 'tree-sitter-typescript/tree-sitter-tsx.wasm',
  typescript: 'tree-sitter-typescript/tree-sitter-typescript.wasm',
} as const

/** Id of a bundled grammar. */
export type GrammarId = keyof typeof GRAMMARS

const require = createRequire(import.meta.url)
const parsers = new Map<GrammarId, Promise<Parser>>()

/** A parser for the grammar; loaded once per process. One parser is never used by two parses at a time, as parsing is synchronous. */
export function loadParser(id: GrammarId): Promise<Parser> {
  const known = parsers.get(id)
  if (known) return known
  const loading = createParser(id)
  parsers.set(id, loading)
  return loading
}

let initialised: Promise<void> | undefined

async function createParser(id: GrammarId): Promise<Parser> {
  initialised ??= Parser.init()
  await initialised
  const language = await Language.load(require.resolve(GRAMMARS[id]))
  return new Parser().setLanguage(language)
}
