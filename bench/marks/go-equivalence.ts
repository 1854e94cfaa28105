/**
 * Copies of packages of Go's standard library, code that nobody here wrote, must pass the packages' own tests: all first variants, all last, 20
 * random codewords. `node --conditions=@sigillo/source bench/marks/go-equivalence.ts [copies] [package…]`. Needs Debian's golang-go and
 * golang-src; works offline; takes some twenty minutes; ends with status 1 when a copy fails.
 */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { checkCopy } from '@sigillo/marks/check-copy'
import { findSites } from '@sigillo/marks/find-sites'
import { renderFile } from '@sigillo/marks/render'
import type { PlanFile } from '@sigillo/marks/site'
import { copyWords } from './copy-words.ts'
import type { EquivalenceRow } from './equivalence-table.ts'
import { keepRow } from './results.ts'

const PACKAGES =
  'archive/tar archive/zip bufio compress/flate container/list encoding/asn1 encoding/base64 encoding/csv encoding/hex encoding/json ' +
  'encoding/xml expvar flag go/printer go/scanner image/gif index/suffixarray log math/big mime/multipart net/mail net/textproto net/url ' +
  'path/filepath regexp/syntax strconv text/scanner text/tabwriter text/template text/template/parse'

const copies = Number(process.argv[2] ?? 20)
const packages = process.argv.length > 3 ? process.argv.slice(3) : PACKAGES.split(' ')
const found = spawnSync('go', ['env', 'GOROOT'], { encoding: 'utf8' })
if (found.status !== 0) throw new Error('no Go toolchain; install golang-go and golang-src')
const root = join(found.stdout.trim(), 'src')
const work = mkdtempSync(join(tmpdir(), 'go-equivalence-'))
const env = { ...process.env, GOFLAGS: '-mod=mod', GOPROXY: 'off', GOCACHE: join(work, 'cache') }

async function plansOf(folder: string): Promise<PlanFile[]> {
  const names = readdirSync(folder).filter((name) => name.endsWith('.go') && !name.endsWith('_test.go'))
  const found = names.map((name) => findSites(join(folder, name), readFileSync(join(folder, name), 'utf8')))
  return (await Promise.all(found)).map(({ file }) => file)
}

/** Runs the package's tests with the copies in place of its files. */
async function test(
  name: string,
  plans: readonly PlanFile[],
  words: readonly ReadonlyMap<string, number>[],
): Promise<string | null> {
  const replace: Record<string, string> = {}
  for (const [at, plan] of plans.entries()) {
    const variantOf = (id: string): number => words[at]?.get(id) ?? 0
    const text = renderFile(plan, variantOf)
    const check = await checkCopy(plan, text, variantOf)
    if (!check.ok) return check.reason
    const copy = join(work, `${at}.go`)
    writeFileSync(copy, text)
    replace[plan.path] = copy
  }
  const overlay = join(work, 'overlay.json')
  writeFileSync(overlay, JSON.stringify({ Replace: replace }))
  const args = ['test', '-short', '-vet=off', `-overlay=${overlay}`, name]
  const { status, stdout, stderr } = spawnSync('go', args, { cwd: work, env, encoding: 'utf8' })
  return status === 0 ? null : (stdout + stderr).slice(-3000)
}

let failed = 0
for (const name of packages) {
  const plans = await plansOf(join(root, name))
  const words = plans.map((plan) => copyWords(plan, copies))
  let passed = 0
  for (let copy = 0; copy < copies + 2; copy++) {
    const trouble = await test(
      name,
      plans,
      words.map((ofFile) => ofFile[copy]!),
    )
    if (trouble === null) passed++
    else console.log(`${name}, copy ${copy}: ${trouble}`)
  }
  failed += copies + 2 - passed
  const sites = plans.flatMap((plan) => plan.sites).length
  console.log(`${name}: ${plans.length} files, ${sites} sites, ${passed} of ${copies + 2} copies pass`)
  const row: EquivalenceRow = {
    id: `go/${name}`,
    language: 'Go',
    project: `standard library: ${name}`,
    sites,
    copies: copies + 2,
    passed,
    tests: `go test ${name}`,
  }
  keepRow('equivalence', row)
}
rmSync(work, { recursive: true })
console.log(failed === 0 ? 'every copy passes' : `${failed} FAILED`)
process.exitCode = failed === 0 ? 0 : 1
