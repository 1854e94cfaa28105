import { execFileSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { readPaths } from './read-paths.ts'

let folder = ''
const at = (name: string): string => join(folder, name)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sigillo-paths-'))
})
afterEach(() => rmSync(folder, { recursive: true, force: true }))

async function summary(...paths: readonly string[]): Promise<readonly string[]> {
  const inputs = await Array.fromAsync(readPaths(paths.map(at)))
  return inputs.map((input) => `${input.id.slice(folder.length + 1)}${'refused' in input ? `: ${input.refused}` : ''}`)
}

test('folders are walked in order; links in them are not followed, a named one is', async () => {
  mkdirSync(at('kit/sub'), { recursive: true })
  for (const name of ['kit/b', 'kit/a', 'kit/sub/c']) writeFileSync(at(name), name)
  symlinkSync('/etc', at('kit/loop'))
  symlinkSync(at('kit/a'), at('link'))
  expect(await summary('kit', 'link')).toEqual(['kit/a', 'kit/b', 'kit/sub/c', 'link'])
})

test('pipes and files beyond the limit are refused, and the rest goes on', async () => {
  execFileSync('mkfifo', [at('pipe')])
  writeFileSync(at('huge'), '')
  truncateSync(at('huge'), 65 << 20)
  writeFileSync(at('x'), 'x')
  expect(await summary('pipe', 'huge', 'x')).toEqual(['pipe: it is not a file', 'huge: it is larger than 64 MiB', 'x'])
})

test('a path that is not there ends the command', async () => {
  await expect(summary('nothing')).rejects.toThrow('there is no file or folder')
})
