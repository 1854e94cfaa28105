import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, it } from 'vitest'
import { takeLock } from './process-lock.ts'

const folder = mkdtempSync(join(tmpdir(), 'sigillo-lock-'))
const path = join(folder, 'lock')
beforeEach(() => rmSync(path, { force: true }))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const MODULE = JSON.stringify(new URL('process-lock.ts', import.meta.url).href)

/** A process that tries to take the lock at the instant `at`, says whether it did, and then waits to be ended. */
function contender(at: number): ChildProcess {
  const program = `
    const { takeLock } = await import(${MODULE})
    while (Date.now() < ${at});
    try { takeLock(${JSON.stringify(path)}); console.log('taken') } catch (error) { console.log(error.code) }
    setTimeout(() => undefined, 60_000)`
  return spawn(process.execPath, ['--conditions=@sigillo/source', '--input-type=module', '-e', program])
}

async function said(child: ChildProcess): Promise<string> {
  return new Promise((resolve) => child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())))
}

async function ended(child: ChildProcess): Promise<void> {
  const exit = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await exit
}

describe('a lock', () => {
  it('is held by one process, named in the refusal, until it is given back', () => {
    const giveBack = takeLock(path)
    expect(() => takeLock(path)).toThrow(`the vault is in use by process ${process.pid}`)
    giveBack()
    takeLock(path)()
    expect(readdirSync(folder)).toEqual([])
  })

  it('is free again when its process was killed, and not while it lives', async () => {
    const child = contender(0)
    expect(await said(child)).toBe('taken')
    expect(() => takeLock(path)).toThrow(`in use by process ${child.pid}`)
    await ended(child)
    takeLock(path)()
  })

  it('is not mistaken for the lock of a later process with the same number', () => {
    writeFileSync(path, `${process.pid} 1`)
    takeLock(path)()
  })

  it.each(['', 'no number'])('is free when its file holds %j', (content) => {
    writeFileSync(path, content)
    takeLock(path)()
  })

  it('goes to one of several processes that find the lock of a dead one at the same time', async () => {
    for (let round = 0; round < 4; round += 1) {
      writeFileSync(path, '999999999 1')
      const children = Array.from({ length: 6 }, () => contender(Date.now() + 1500))
      const answers = await Promise.all(children.map(said))
      expect(answers.toSorted()).toEqual(['taken', ...Array.from({ length: 5 }, () => 'vault-locked')].toSorted())
      expect(readFileSync(path, 'utf8').split(' ')[0]).toBe(String(children[answers.indexOf('taken')]?.pid))
      await Promise.all(children.map(ended))
    }
  })

  it('is never held twice, however many processes take it and give it back', async () => {
    const program = `
      import { rmSync, writeFileSync } from 'node:fs'
      const { takeLock } = await import(${MODULE})
      const inside = ${JSON.stringify(join(folder, 'inside'))}
      let taken = 0, twice = 0
      for (const end = Date.now() + 2000; Date.now() < end; ) {
        try {
          const giveBack = takeLock(${JSON.stringify(path)})
          taken += 1
          try { writeFileSync(inside, '', { flag: 'wx' }); rmSync(inside) } catch { twice += 1 }
          giveBack()
        } catch {}
      }
      console.log(JSON.stringify({ taken: taken > 0, twice }))`
    const children = Array.from({ length: 3 }, () =>
      spawn(process.execPath, ['--conditions=@sigillo/source', '--input-type=module', '-e', program]),
    )
    const answers = await Promise.all(children.map(said))
    expect(answers).toEqual(answers.map(() => '{"taken":true,"twice":0}'))
  })

  it('cannot be taken where nothing can be written', () => {
    expect(() => takeLock(join(folder, 'nowhere', 'lock'))).toThrow(/^cannot create the lock file/)
    expect(existsSync(path)).toBe(false)
  })
})
