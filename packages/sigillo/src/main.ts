#!/usr/bin/env node
import { randomBytes } from 'node:crypto'
import { endLikeOtherProcesses } from './first-process.ts'

endLikeOtherProcesses()
// Loading all commands takes a while; signals are heard before.
const { run } = await import('./run.ts')

// A closed pipe (`sigillo … | head`) ends the program quietly.
process.stdout.on('error', () => process.exit(0))

process.exitCode = await run(process.argv.slice(2), {
  stdout: process.stdout,
  stderr: process.stderr,
  stdin: process.stdin,
  env: process.env,
  interactive: process.stderr.isTTY,
  now: () => new Date(),
  random: (length) => randomBytes(length),
  randomness: 'system',
})
