import { spawn } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const MAIN = fileURLToPath(new URL('main.ts', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'sigillo-plan-'))
const env = { ...process.env, SIGILLO_PASSPHRASE: 'correct horse', SIGILLO_VAULT: join(folder, 'vault') }

const SOURCE = `import json
import urllib.request

AGENT = "zq-lantern/2.1"
SCOPE = "tenant"  # sigillo:mark essential tenant | domain | site | realm


def fetch_board(address):
    request = urllib.request.Request(address + "/board?view=full&limit=40", headers={"User-Agent": AGENT})
    with urllib.request.urlopen(request, timeout=7) as answer:
        return json.loads(answer.read())


def show_board(board):
    for entry in board["entries"]:
        print(SCOPE, entry["zq_title"])
`

function sigillo(...args: readonly string[]): Promise<{ status: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--conditions=@sigillo/source', MAIN, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const outcome = { stdout: '', stderr: '' }
    child.stdout.on('data', (chunk: Buffer) => (outcome.stdout += chunk.toString('utf8')))
    child.stderr.on('data', (chunk: Buffer) => (outcome.stderr += chunk.toString('utf8')))
    child.once('error', reject)
    child.once('close', (status) => resolve({ status, ...outcome }))
  })
}

beforeAll(async () => {
  mkdirSync(join(folder, 'bundle'))
  writeFileSync(join(folder, 'bundle', 'poc.py'), SOURCE)
  await sigillo('init', join(folder, 'vault'))
  await sigillo('case', 'new', 'c1', '--release', '2030-01-01T10:00:00Z')
  await sigillo('artefact', 'add', 'c1', join(folder, 'bundle'), '--name', 'a1')
}, 120_000)
afterAll(() => rmSync(folder, { recursive: true, force: true }))

describe('sigillo plan --test', () => {
  test('says how often it ran, what it dropped and why, and remembers it', async () => {
    const command = 'if grep -q realm {}/poc.py; then echo no such scope; exit 3; fi'
    const { status, stdout, stderr } = await sigillo('plan', 'a1', '--test', command, '--codewords', '5')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^Tested .*: \d+ runs of the artefact's own test; every variant of every site and 5 random/m)
    expect(stdout).toContain('dropped poc.py#essential-1 (line 5) for "realm": exit 3: no such scope\n')
    const again = JSON.parse((await sigillo('plan', 'a1', '--json')).stdout)
    expect(again.tested).toMatchObject({ command, codewords: 5, dropped: [{ site: 'poc.py#essential-1' }] })
  }, 120_000)

  test.each([
    ['a test that fails on the original', ['--test', 'exit 4'], /fails on the original.*exit 4/],
    ['no number', ['--test', 'true', '--codewords', 'many'], /--codewords "many" must be a whole number/],
    ['no number of recipients', ['--recipients', 'all'], /--recipients "all" must be a whole number/],
    ['a tool without a name', ['--rehearse', 'terser {}'], /--rehearse "terser \{\}" must be NAME=COMMAND/],
    ['a tool that fails', ['--rehearse', 'minify=exit 3'], /minify: "exit 3" fails on a copy of poc\.py \(exit 3\)/],
    ['no lines', ['--required-lines', 'poc.py'], /--required-lines "poc\.py" must be a file and its lines/],
    ['lines that are not there', ['--required-lines', 'poc.py:9-99'], /poc\.py has lines 1 to 17, not 9-99/],
    ['a file that is not there', ['--required-lines', 'b.py:9'], /"a1" has no file b\.py; it has poc\.py/],
    ['no time', ['--test', 'true', '--test-seconds', '0'], /--test-seconds "0" must be a whole number/],
  ])('%s is refused in one line', async (_, args, says) => {
    const { status, stdout, stderr } = await sigillo('plan', 'a1', ...args)
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' })
    expect(stderr).toMatch(says)
    expect(stderr.split('\n')).toHaveLength(2)
  })
})

describe('sigillo plan --rehearse', () => {
  test('says which rows were played through with this artefact, and has one for a tool of any name', async () => {
    const { status, stdout, stderr } = await sigillo('plan', 'a1', '--rehearse', 'shout=tr a-z A-Z < {} > {out}')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^shout +1 +merge .* rehearsed$/m)
    expect(stdout).toMatch(/^excerpt +1 +merge .* rehearsed$/m)
    expect(stdout).toMatch(/^minify +1 +merge .* %$/m)
  }, 120_000)
})

describe('sigillo plan --advise', () => {
  test('shows diffs, values to declare, what is missing, and leaves out what is required from then on', async () => {
    const { status, stdout, stderr } = await sigillo('plan', 'a1', '--advise', '--required', 'zq-lantern/2.1')
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
    expect(stdout).toMatch(/^- after rewrite, a single leaker is named with \d+ %; \d+ more essential-looking marks/m)
    expect(stdout).toMatch(/^poc\.py:\d+: "\/board\?view=full&limit=40" looks essential: the query parameter/m)
    expect(stdout).toMatch(/^ {4}request = .*# sigillo:mark essential "?\/board\?view=full&limit=40/m)
    expect(stdout).toContain('    --- poc.py\n')
    const { advisor } = JSON.parse((await sigillo('plan', 'a1', '--advise', '--json')).stdout)
    expect(advisor.choosable.map((one: { value: string }) => one.value)).not.toContain('zq-lantern/2.1')
    const lines = await sigillo('plan', 'a1', '--advise', '--required-lines', 'poc.py:9-11')
    expect(lines.stdout).toMatch(/^- "zq-lantern\/2\.1"\n- poc\.py:9-11$/m)
    expect(lines.stdout).not.toMatch(/^poc\.py:9: /m)
  }, 60_000)
})
