import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { watchFolder } from './watch-folder.ts'

let folder = ''
let stop: AbortController
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'sigillo-watch-'))
  stop = new AbortController()
})
afterEach(() => {
  stop.abort()
  rmSync(folder, { recursive: true, force: true })
})

test('a watched folder gives what lies in it, what comes, and what changes, each once', async () => {
  const seen: string[] = []
  const put = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  put('a', 'first')
  for await (const input of watchFolder(folder, stop.signal, 20)) {
    seen.push('bytes' in input ? Buffer.from(input.bytes).toString() : input.refused)
    if (seen.length === 1) put('b', 'second')
    if (seen.length === 2) appendFileSync(join(folder, 'a'), ' changed')
    if (seen.length === 3) stop.abort()
  }
  expect(seen).toEqual(['first', 'second', 'first changed'])
})

test('a file that still grows is waited for', async () => {
  let size = 0
  const grow = setInterval(() => {
    if (size < 40) appendFileSync(join(folder, 'big'), 'x')
    size += 1
  }, 10)
  for await (const input of watchFolder(folder, stop.signal, 60)) {
    expect('bytes' in input && input.bytes.length).toBe(40)
    stop.abort()
  }
  clearInterval(grow)
})

test('what is no folder is refused', async () => {
  await expect(Array.fromAsync(watchFolder(join(folder, 'none'), stop.signal))).rejects.toThrow('there is no folder')
})
