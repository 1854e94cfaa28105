#!/usr/bin/env node
import { parseArgs } from 'node:util'
import { WitnessError } from './errors.ts'
import { retireWitnessKey, rotateWitnessKey } from './rotate-key.ts'
import { startWitness, type Witness } from './start-witness.ts'
import { initWitness } from './witness-folder.ts'

const usage = `usage: sigillo-witness init DIR --name NAME [--log VKEY]…
       sigillo-witness rotate DIR
       sigillo-witness retire DIR --old VKEY
       sigillo-witness run DIR [--host ADDRESS] [--port NUMBER]`

/** The witness as a program of its own, for those who want nothing else of Sigillo on the machine. */
async function main(): Promise<void> {
  const { values, positionals } = read()
  const [verb, dir] = positionals
  if (positionals.length !== 2 || dir === undefined) throw new WitnessError('bad-options', usage)
  if (verb === 'init' && values.name !== undefined) {
    const vkey = await initWitness(dir, { name: values.name, logs: values.log ?? [] })
    process.stdout.write(`${vkey}\n`)
  } else if (verb === 'rotate') {
    const { newKey, introduction } = await rotateWitnessKey(dir)
    process.stdout.write(`${newKey}\n${introduction}`)
  } else if (verb === 'retire' && values.old !== undefined) {
    process.stdout.write(`${(await retireWitnessKey(dir, values.old)).newKey}\n`)
  } else if (verb === 'run') {
    await run(dir, values.host, values.port)
  } else {
    throw new WitnessError('bad-options', usage)
  }
}

function read() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        name: { type: 'string' },
        old: { type: 'string' },
        log: { type: 'string', multiple: true },
        host: { type: 'string', default: '127.0.0.1' },
        port: { type: 'string', default: '8471' },
      },
    })
  } catch (error) {
    throw new WitnessError('bad-options', error instanceof Error ? error.message : usage, { cause: error })
  }
}

function log(line: string): void {
  process.stderr.write(`${new Date().toISOString()} ${line.replaceAll('\n', '\n  ')}\n`)
}

async function run(dir: string, host: string, port: string): Promise<void> {
  if (!/^\d{1,5}$/.test(port) || Number(port) > 65_535)
    throw new WitnessError('bad-options', `--port "${port}" must be a number from 0 to 65535`)
  let witness: Witness | null = null
  // From before the start, so that the signal never ends the process.
  process.on('SIGHUP', () => void readAgain(witness))
  witness = await startWitness({ dir, host, port: Number(port), log })
  process.stdout.write(`${witness.url} ${witness.vkeys.join(' ')}\n`)
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => resolve())
  })
  await witness.stop()
}

/** One that is still starting reads everything anyway. */
async function readAgain(witness: Witness | null): Promise<void> {
  if (witness === null) return
  try {
    await witness.reload()
    log(`read again: cosigning with ${witness.vkeys.join(' and ')}`)
  } catch (error) {
    log(`nothing was read again, all stays as it was: ${error instanceof Error ? error.message : String(error)}`)
  }
}

try {
  await main()
} catch (error) {
  if (!(error instanceof WitnessError)) throw error
  process.stderr.write(`sigillo-witness: ${error.message}\n`)
  process.exitCode = 2
}
