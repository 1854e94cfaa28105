import { createRequire } from 'node:module'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { parse } from 'acorn'
import { minify } from 'terser'
import type { Draw } from '@sigillo/fingerprint/simulate'
import { excerpt, renamed, shuffled, withoutComments } from '@sigillo/marks/leak/edits'
import { TOOLS } from '../../marks/survival/tools.ts'
import { peersFolder } from '../peers/folder.ts'
import { chain } from './transformation.ts'
import type { Transformation } from './transformation.ts'

const tool = (name: string): Transformation => {
  const found = TOOLS.find((each) => each.name === name && each.corpora.includes('javascript'))!
  return { name, run: (text) => found.run(text) }
}
const rename: Transformation = { name: 'rename', run: (text) => renamed('javascript', text) }
const reorder: Transformation = { name: 'reorder', run: (text, { draw }) => shuffled('javascript', text, draw) }
const nocomment: Transformation = { name: 'comments stripped', run: (text) => withoutComments('javascript', text) }
const terser = tool('terser')
const cut: Transformation = { name: 'excerpt 30 %', run: (text, { host, draw }) => statementsInto(text, host, draw) }
const cutAndUsed: Transformation = {
  name: 'excerpt 30 % in use',
  run: (text, { host, draw }) => statementsInto(text, host, draw, true),
}

/** What happens to JavaScript: formatters, rewriters, minifiers, obfuscators, and a third of a file pasted into another. */
export const JAVASCRIPT: readonly Transformation[] = [
  { name: 'copy', run: (text) => text },
  tool('prettier'),
  nocomment,
  rename,
  reorder,
  chain('rename + reorder + strip', rename, reorder, nocomment),
  { name: 'babel to ES5', needs: '@babel/core (peers)', run: babel },
  terser,
  { name: 'terser toplevel, 3 passes', run: hardTerser },
  tool('esbuild'),
  cut,
  chain('excerpt 30 % that nothing calls, then terser', cut, terser),
  chain('excerpt 30 % in use, then terser', cutAndUsed, terser),
  tool('javascript-obfuscator low'),
  tool('javascript-obfuscator medium'),
  tool('javascript-obfuscator high'),
]

async function hardTerser(text: string): Promise<string> {
  const { code } = await minify(text, {
    toplevel: true,
    compress: { passes: 3, toplevel: true },
    mangle: { toplevel: true },
  })
  if (code === undefined) throw new Error('terser wrote nothing')
  return code
}

interface Babel {
  transformAsync: (text: string, options: unknown) => Promise<{ code?: string } | null>
}
async function babel(text: string): Promise<string> {
  const require = createRequire(join(peersFolder(), 'package.json'))
  const load = async (name: string): Promise<unknown> => import(pathToFileURL(require.resolve(name)).href)
  const { transformAsync } = (await load('@babel/core')) as Babel
  const presets = [[require.resolve('@babel/preset-env'), { targets: 'ie 11' }]]
  const result = await transformAsync(text, {
    presets,
    sourceType: 'unambiguous',
    babelrc: false,
    configFile: false,
    compact: false,
  })
  return result?.code ?? ''
}

interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly body?: readonly Node[] | Node
  readonly [key: string]: unknown
}

/**
 * Neighbouring statements or methods that make up three tenths of a text, between two statements of another one, so that both still parse.
 * @param isUsed - what was pasted is handed on, so that a minifier cannot drop it as dead
 */
export function statementsInto(text: string, host: string, draw: Draw, isUsed = false): string {
  const members = siblings(tree(text), text.length)
  const wanted = 0.3 * text.length
  const starts = members.map((_, at) => at).filter((at) => members.at(-1)!.end - members[at]!.start >= wanted)
  const first = starts[Math.floor(draw() * starts.length)]
  if (first === undefined) return excerpt(text, host, draw)
  const last = members.findIndex((member, at) => at >= first && member.end - members[first]!.start >= wanted)
  const piece = text.slice(members[first]!.start, members[last]!.end)
  const isClass = /Method|Property|StaticBlock/.test(members[first]!.type)
  const names = isClass ? ['Extra'] : members.slice(first, last + 1).flatMap(namesOf)
  const use = isUsed && names.length > 0 ? `\nglobalThis.extra = [${names.join(', ')}]` : ''
  const body = statements(tree(host))
  const at = body[Math.floor(body.length / 2)]?.start ?? 0
  return `${host.slice(0, at)}${isClass ? `class Extra {\n${piece}\n}${use}` : `{\n${piece}${use}\n}`}\n${host.slice(at)}`
}

/** Plain names that a statement declares. */
function namesOf(statement: Node): string[] {
  const declared = [statement, ...((statement['declarations'] as Node[] | undefined) ?? [])]
  return declared.flatMap(({ id }) => (isNode(id) && id.type === 'Identifier' ? [String(id['name'])] : []))
}

function tree(text: string): Node {
  const options = { ecmaVersion: 'latest', allowHashBang: true, allowReturnOutsideFunction: true } as const
  try {
    return parse(text, { ...options, sourceType: 'module' }) as unknown as Node
  } catch {
    return parse(text, { ...options, sourceType: 'script' }) as unknown as Node
  }
}

const statements = (node: Node): readonly Node[] => (Array.isArray(node.body) ? node.body : [])

/** The longest list of statements without imports and exports, going into a node that is most of the text. */
function siblings(node: Node, length: number): readonly Node[] {
  const list = statements(node).filter((each) => !/^(?:Import|Export)/.test(each.type))
  const large = childrenOf(node).find((child) => child.end - child.start > 0.6 * length)
  if (large === undefined) return list
  const inner = siblings(large, length)
  return inner.length > 1 ? inner : list
}

function childrenOf(node: Node): Node[] {
  return Object.values(node).flat().filter(isNode)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value
}
