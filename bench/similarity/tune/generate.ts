import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { parse, type Node } from 'acorn'
import { transform as esbuild } from 'esbuild'
import obfuscator from 'javascript-obfuscator'
import prettier from 'prettier'
import { minify } from 'terser'
import { castOf } from '../sets/draw.ts'

/** Derived files for tuning, from the tuning draw only. They are kept outside the repository. */
const CACHE = '/tmp/sigillo-similarity-tune'

type Transform = (source: string, host: string, seed: number) => Promise<string>

const obfuscated =
  (preset: 'low-obfuscation' | 'medium-obfuscation' | 'high-obfuscation'): Transform =>
  (source, _host, seed) =>
    Promise.resolve(obfuscator.obfuscate(source, { optionsPreset: preset, seed: seed + 1 }).getObfuscatedCode())

const terser =
  (options: object): Transform =>
  async (source) =>
    (await minify(source, options)).code ?? ''

export const JAVASCRIPT: Readonly<Record<string, Transform>> = {
  prettier: (source) => prettier.format(source, { parser: 'babel', semi: false, printWidth: 100 }),
  rename: terser({ compress: false, mangle: { toplevel: true }, format: { beautify: true, comments: 'all' } }),
  terser: terser({}),
  'terser-toplevel': terser({ toplevel: true, compress: { passes: 3 }, mangle: { toplevel: true } }),
  esbuild: async (source) => (await esbuild(source, { minify: true })).code,
  es5: async (source) => (await esbuild(source, { target: 'es2015' })).code,
  excerpt: (source, host) => Promise.resolve(pasted(source, host)),
  'excerpt-terser': async (source, host) => (await minify(pasted(source, host))).code ?? '',
  'obf-low': obfuscated('low-obfuscation'),
  'obf-medium': obfuscated('medium-obfuscation'),
  'obf-high': obfuscated('high-obfuscation'),
}

/** About 30 % of the source, whole statements, in the middle of the host. */
function pasted(source: string, host: string): string {
  const statements = bodyOf(source)
  const wanted = source.length * 0.3
  let best: [number, number] = [0, source.length]
  for (let from = 0; from < statements.length; from++) {
    let to = from
    while (to < statements.length && statements[to]!.end - statements[from]!.start < wanted) to++
    const end = statements[Math.min(to, statements.length - 1)]!.end
    const length = end - statements[from]!.start
    if (Math.abs(length - wanted) < Math.abs(best[1] - best[0] - wanted)) best = [statements[from]!.start, end]
  }
  const hosts = parseAny(host)
  const middle = hosts[Math.floor(hosts.length / 2)]?.start ?? 0
  const open = `${host.slice(0, middle)}\n${source.slice(...best)}\n${host.slice(middle)}`
  try {
    parseAny(open)
    return open
  } catch {
    // Names that both declare: a function of its own that somebody may call, so that a minifier keeps it.
    return `${host.slice(0, middle)}\n;globalThis.run = function () {\n${source.slice(...best)}\n};\n${host.slice(middle)}`
  }
}

type Statement = Node & { readonly [key: string]: unknown }

function parseAny(source: string): Statement[] {
  const options = { ecmaVersion: 'latest', allowReturnOutsideFunction: true, allowHashBang: true } as const
  try {
    return parse(source, { ...options, sourceType: 'script' }).body as unknown as Statement[]
  } catch {
    return parse(source, { ...options, sourceType: 'module' }).body as unknown as Statement[]
  }
}

/** The longest list of statements: that of the file, or of the function that wraps it. */
function bodyOf(source: string): Statement[] {
  let body = parseAny(source).filter((one) => !/^(?:Import|Export)/.test(one.type))
  for (;;) {
    const largest = [...body].sort((a, b) => b.end - b.start - (a.end - a.start))[0]
    if (largest === undefined || largest.end - largest.start < source.length * 0.6) return body
    const inner = innerBody(largest)
    if (inner === undefined || inner.length < 2) return body
    body = inner
  }
}

function innerBody(node: unknown): Statement[] | undefined {
  if (typeof node !== 'object' || node === null) return undefined
  const record = node as Record<string, unknown>
  if (record['type'] === 'BlockStatement') return record['body'] as Statement[]
  let best: Statement[] | undefined
  for (const value of Object.values(record)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      const inner = innerBody(one)
      const size = (list: Statement[] | undefined): number => (list?.length ? list.at(-1)!.end - list[0]!.start : 0)
      if (size(inner) > size(best)) best = inner
    }
  }
  return best
}

const PYTHON_TOOL = `
import ast, sys, random
source=open(sys.argv[1]).read(); mode=sys.argv[2]
if mode=='unparse': print(ast.unparse(ast.parse(source)))
if mode in ('rename','rename-strip','excerpt-rename'):
    tree=ast.parse(source)
    names={}
    import builtins
    defined=set()
    for n in ast.walk(tree):
        if isinstance(n,(ast.FunctionDef,ast.ClassDef,ast.AsyncFunctionDef)): defined.add(n.name)
        if isinstance(n,ast.Name) and isinstance(n.ctx,ast.Store): defined.add(n.id)
        if isinstance(n,ast.arg): defined.add(n.arg)
    attrs={n.attr for n in ast.walk(tree) if isinstance(n,ast.Attribute)}
    kws={k.arg for n in ast.walk(tree) if isinstance(n,ast.Call) for k in n.keywords if k.arg}
    for i,d in enumerate(sorted(defined-attrs-kws)):
        if not d.startswith('__'): names[d]='v%d'%i
    for n in ast.walk(tree):
        if hasattr(n,'name') and isinstance(getattr(n,'name'),str) and not isinstance(n,ast.alias): n.name=names.get(n.name,n.name)
        if isinstance(n,ast.Name): n.id=names.get(n.id,n.id)
        if isinstance(n,ast.arg): n.arg=names.get(n.arg,n.arg)
        if mode!='rename' and isinstance(n,(ast.FunctionDef,ast.ClassDef,ast.Module)) and n.body and isinstance(n.body[0],ast.Expr) and isinstance(n.body[0].value,ast.Constant): n.body[0]=ast.Pass()
    if mode=='excerpt-rename':
        host=open(sys.argv[3]).read()
        size=[ (len(ast.unparse(b)),b) for b in tree.body]
        total=sum(s for s,_ in size); best=None
        for i in range(len(size)):
            t=0; j=i
            while j<len(size) and t<total*.3: t+=size[j][0]; j+=1
            if best is None or abs(t-total*.3)<best[0]: best=(abs(t-total*.3),i,j)
        tree.body=tree.body[best[1]:best[2]]
        print(host+'\\n'+ast.unparse(tree))
    else: print(ast.unparse(tree))
`

const python =
  (mode: string) =>
  (_source: string, host: string, _seed: number, path = '') => {
    writeFileSync(`${CACHE}/host.py`, host)
    return Promise.resolve(
      execFileSync('/usr/bin/python3', [`${CACHE}/tool.py`, path, mode, `${CACHE}/host.py`], { encoding: 'utf8' }),
    )
  }

export const PYTHON: Readonly<
  Record<string, (source: string, host: string, seed: number, path?: string) => Promise<string>>
> = {
  black: (source) => Promise.resolve(execFileSync('/usr/bin/black', ['-q', '-'], { input: source, encoding: 'utf8' })),
  unparse: python('unparse'),
  rename: python('rename'),
  'rename-strip': python('rename-strip'),
  'excerpt-rename': python('excerpt-rename'),
}

const EXTENSION = { javascript: 'js', python: 'py' } as const

/** Where a derived file is kept: named after its original, so that another draw finds no files of this one. */
export function derivedPath(kind: 'javascript' | 'python', original: string, transform: string): string {
  const name = createHash('sha256').update(original).digest('hex').slice(0, 12)
  return `${CACHE}/${kind}/${name}-${transform}.${EXTENSION[kind]}`
}

/** Writes what is missing of the tuning set of a language. */
export async function generate(kind: 'javascript' | 'python', each: number): Promise<void> {
  mkdirSync(`${CACHE}/${kind}`, { recursive: true })
  writeFileSync(`${CACHE}/tool.py`, PYTHON_TOOL)
  const cast = castOf(kind, each)
  const transforms = kind === 'javascript' ? JAVASCRIPT : PYTHON
  for (const [index, original] of cast.originals.tuning.entries()) {
    for (const [name, transform] of Object.entries(transforms)) {
      const path = derivedPath(kind, original.path, name)
      if (existsSync(path)) continue
      const source = readFileSync(original.path, 'utf8')
      const host = readFileSync(cast.hosts[index % cast.hosts.length]!.path, 'utf8')
      try {
        writeFileSync(path, await transform(source, host, index, original.path))
      } catch (error) {
        writeFileSync(path, '')
        console.log(`${name} of ${original.path}: ${String(error).split('\n')[0]}`)
      }
    }
  }
}

if (import.meta.main) {
  await generate('javascript', 30)
  await generate('python', 30)
}
