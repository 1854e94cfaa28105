import { spawnSync } from 'node:child_process'
import { format } from 'prettier'
import type { Corpus } from '../../marks/survival/corpus.ts'
import { excerpt, renamed, shuffled, withoutComments } from '@sigillo/marks/leak/edits'
import { TOOLS } from '../../marks/survival/tools.ts'
import { functionsInto } from './excerpt.ts'
import { chain } from './transformation.ts'
import type { Transformation } from './transformation.ts'

const NO_DOCSTRINGS = `
import ast, sys
text = sys.stdin.read()
lines = text.split('\\n')
for node in ast.walk(ast.parse(text)):
    if isinstance(node, (ast.Module, ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)) and ast.get_docstring(node, clean=False) is not None:
        doc = node.body[0]
        for number in range(doc.lineno - 1, doc.end_lineno):
            lines[number] = ' ' * doc.col_offset + 'pass' if number == doc.lineno - 1 and not isinstance(node, ast.Module) else ''
print('\\n'.join(lines))
`

const copy: Transformation = { name: 'copy', run: (text) => text }

function tool(corpus: Corpus, name: string): Transformation {
  const found = TOOLS.find((each) => each.name === name && each.corpora.includes(corpus))!
  return { name, run: (text) => found.run(text), ...(found.needs === undefined ? {} : { needs: found.needs }) }
}

const rename = (corpus: Corpus): Transformation => ({ name: 'rename', run: (text) => renamed(corpus, text) })
const reorder = (corpus: Corpus): Transformation => ({
  name: 'reorder',
  run: (text, { draw }) => shuffled(corpus, text, draw),
})
const strip = (corpus: Corpus): Transformation => ({
  name: 'comments stripped',
  run: (text) => withoutComments(corpus, text),
})
const cutOf = (corpus: Corpus): Transformation => ({
  name: 'excerpt 30 %',
  run: (text, { host, draw }) => functionsInto(corpus, text, host, draw),
})
const cut: Transformation = { name: 'excerpt 30 %', run: (text, { host, draw }) => excerpt(text, host, draw) }

const docstrings: Transformation = {
  name: 'docstrings stripped',
  needs: 'python3',
  run: (text) => {
    const { status, stdout, stderr } = spawnSync('/usr/bin/python3', ['-c', NO_DOCSTRINGS], {
      input: text,
      encoding: 'utf8',
    })
    if (status !== 0) throw new Error(stderr.slice(0, 200))
    return stdout
  },
}

/** What happens to any language whose names and comments the grammars tell. */
function common(corpus: Corpus): readonly Transformation[] {
  const cut = cutOf(corpus)
  const steps = [rename(corpus), reorder(corpus), strip(corpus)] as const
  return [
    copy,
    strip(corpus),
    rename(corpus),
    reorder(corpus),
    chain('rename + reorder + strip', ...steps),
    cut,
    chain('excerpt 30 %, rename, strip', cut, rename(corpus), strip(corpus)),
  ]
}

export const PYTHON: readonly Transformation[] = [
  ...common('python'),
  docstrings,
  tool('python', 'black'),
  tool('python', 'autopep8 -aa'),
  tool('python', 'ast.unparse'),
]

export const C: readonly Transformation[] = [
  ...common('c'),
  ...['LLVM', 'GNU', 'WebKit'].map((style) => tool('c', `clang-format ${style}`)),
  chain('rename, then clang-format GNU', rename('c'), strip('c'), tool('c', 'clang-format GNU')),
]

export const GO: readonly Transformation[] = [...common('go'), tool('go', 'gofmt')]

export const SHELL: readonly Transformation[] = [
  ...common('bash'),
  tool('bash', 'shfmt'),
  tool('bash', 'shfmt -mn'),
  chain('excerpt 30 %, then shfmt -mn', cutOf('bash'), tool('bash', 'shfmt -mn')),
]

/** Sections of a document, each from its heading to the next of any level. */
const sections = (text: string): string[] => text.split(/^(?=#{1,6} )/m)

export const MARKDOWN: readonly Transformation[] = [
  copy,
  {
    name: 're-wrapped at 60',
    run: (text) => format(text, { parser: 'markdown', proseWrap: 'always', printWidth: 60 }),
  },
  {
    name: 'sections reordered',
    run: (text, { draw }) => {
      const keyed = sections(text).map((section) => ({ section, key: draw() }))
      return keyed
        .sort((a, b) => a.key - b.key)
        .map(({ section }) => section)
        .join('')
    },
  },
  { name: 'retitled', run: (text) => text.replaceAll(/^(#{1,6}) .*$/gm, (_, marks: string) => `${marks} Part`) },
  {
    name: 'plain text',
    run: (text) =>
      text
        .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
        .replaceAll(/^#+ |[*_`>|]|<[^>]*>/gm, '')
        .replaceAll(/\s*\n\s*/g, ' '),
  },
  cut,
  chain('excerpt 30 %, plain text', cut, { name: '', run: (text) => text.replaceAll(/[*_`>#|]|<[^>]*>/g, '') }),
]
