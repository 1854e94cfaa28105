import { spawnSync } from 'node:child_process'
import { transformSync } from 'esbuild'
import obfuscator from 'javascript-obfuscator'
import { format } from 'prettier'
import { minify } from 'terser'
import type { Corpus } from './corpus.ts'

/** What a tool does to a text by its nature; the floors depend on it. */
export type ToolClass = 'format' | 'correct' | 'minify' | 'obfuscate'

/** A real tool that a leaker may run over a copy. */
export interface Tool {
  readonly name: string
  readonly nature: ToolClass
  readonly corpora: readonly Corpus[]
  /** What to install when it is not there: a Debian package. Without it, the tool came with `npm ci`. */
  readonly needs?: string
  /** True for a minifier that leaves names alone. */
  readonly keepsNames?: true
  /** Throws when the tool refuses the text. */
  readonly run: (text: string) => string | Promise<string>
}

const PYTHON = '/usr/bin/python3'
const UNPARSE = 'import ast, sys; print(ast.unparse(ast.parse(sys.stdin.read())))'
const isModule = (text: string): boolean => /^(?:import|export) /m.test(text)

/** Every tool, formatters first. */
export const TOOLS: readonly Tool[] = [
  command('black', 'format', ['python'], 'black', ['black', '-q', '-']),
  command('autopep8 -aa', 'format', ['python'], 'python3-autopep8', [PYTHON, '-m', 'autopep8', '-a', '-a', '-']),
  { name: 'prettier', nature: 'format', corpora: ['javascript'], run: (text) => format(text, { parser: 'babel' }) },
  {
    name: 'prettier',
    nature: 'format',
    corpora: ['typescript'],
    run: (text) => format(text, { parser: 'typescript' }),
  },
  command('gofmt', 'format', ['go'], 'golang-go', ['gofmt'], flat),
  ...['LLVM', 'GNU', 'WebKit'].map((style) => clangFormat(style, ['c'], 'a.c')),
  ...['LLVM', 'GNU', 'WebKit'].map((style) => clangFormat(style, ['cpp'], 'a.cc')),
  ...['LLVM', 'Chromium'].map((style) => clangFormat(style, ['java'], 'A.java')),
  command('shfmt', 'format', ['bash'], 'shfmt', ['shfmt', '-i', '3']),
  {
    ...command('rubocop -a', 'correct', ['ruby'], 'rubocop', ['rubocop']),
    run: (text) => call(['rubocop', '--stdin', 'a.rb', '--stderr', '-a', '--cache', 'false'], text, [0, 1]),
  },
  { ...command('ast.unparse', 'minify', ['python'], 'python3', [PYTHON, '-c', UNPARSE]), keepsNames: true },
  { name: 'terser', nature: 'minify', corpora: ['javascript'], run: terser },
  {
    name: 'esbuild',
    nature: 'minify',
    corpora: ['javascript'],
    run: (text) => transformSync(text, { minify: true }).code,
  },
  {
    name: 'esbuild',
    nature: 'minify',
    corpora: ['typescript'],
    run: (text) => transformSync(text, { minify: true, loader: 'ts' }).code,
  },
  { ...command('shfmt -mn', 'minify', ['bash'], 'shfmt', ['shfmt', '-mn']), keepsNames: true },
  { ...command('php -w', 'minify', ['php'], 'php-cli', ['php', '-w']), keepsNames: true },
  ...(['low', 'medium', 'high'] as const).map(
    (level): Tool => ({
      name: `javascript-obfuscator ${level}`,
      nature: 'obfuscate',
      corpora: ['javascript'],
      run: (text) => obfuscator.obfuscate(text, { optionsPreset: `${level}-obfuscation`, seed: 7 }).getObfuscatedCode(),
    }),
  ),
]

/** False when the tool's program is not on this machine. */
export function isThere(tool: Tool): boolean {
  if (tool.needs === undefined) return true
  try {
    return tool.run(TRIVIAL[tool.corpora[0] ?? 'python']) !== ''
  } catch {
    return false
  }
}

const TRIVIAL: Readonly<Record<Corpus, string>> = {
  python: 'x = 1\n',
  javascript: 'x = 1\n',
  typescript: 'const x = 1\n',
  go: 'package a\n',
  c: 'int x;\n',
  cpp: 'int x;\n',
  java: 'class A {}\n',
  php: '<?php echo 1;\n',
  ruby: 'x = 1\n',
  bash: 'x=1\n',
}

async function terser(text: string): Promise<string> {
  const { code } = await minify(text, { module: isModule(text), compress: true, mangle: true })
  if (code === undefined) throw new Error('terser wrote nothing')
  return code
}

function clangFormat(style: string, corpora: readonly Corpus[], as: string): Tool {
  const args = ['clang-format', `--style=${style}`, `--assume-filename=${as}`]
  return command(`clang-format ${style}`, 'format', corpora, 'clang-format', args)
}

function command(
  name: string,
  nature: ToolClass,
  corpora: readonly Corpus[],
  needs: string,
  line: readonly string[],
  before: (text: string) => string = (text) => text,
): Tool {
  return { name, nature, corpora, needs, run: (text) => call(line, before(text), [0]) }
}

function call([program = '', ...args]: readonly string[], input: string, accepted: readonly number[]): string {
  const env = { ...process.env, HOME: '/nonexistent', LC_ALL: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync(program, args, { input, encoding: 'utf8', maxBuffer: 1 << 26, env })
  if (!accepted.includes(status ?? -1))
    throw new Error(`${program} ended with ${status}: ${(stderr ?? '').slice(0, 300)}`)
  return stdout
}

/** Without the space that lines begin with, so that gofmt has something to do; raw strings would change. */
function flat(text: string): string {
  return text.includes('`') ? text : text.replaceAll(/^[ \t]+/gm, '')
}
