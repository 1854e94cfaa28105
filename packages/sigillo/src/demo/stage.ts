import { Writable } from 'node:stream'
import { run } from '../run.ts'
import type { Io } from '../io.ts'

/** Runs the product's own commands inside the replay, exactly as a user would type them. */
export interface Stage {
  /** Runs `sigillo <args> --json`. @throws Error with what the command said, when it ends with another status than 0 */
  readonly command: (...args: readonly string[]) => Promise<Record<string, unknown>>
}

/** @param io the replay's world: its clock, its seeded randomness, its vault key */
export function openStage(io: Io): Stage {
  return {
    async command(...args) {
      const output: string[] = []
      const errors: string[] = []
      const status = await run([...args, '--json'], {
        ...io,
        stdout: sinkTo(output),
        stderr: sinkTo(errors),
        interactive: false,
      })
      if (status !== 0) throw new Error(`sigillo ${args.join(' ')}: exit status ${status}: ${errors.join('').trim()}`)
      const value: unknown = JSON.parse(output.join(''))
      if (typeof value !== 'object' || value === null)
        throw new Error(`sigillo ${args.join(' ')} printed no JSON object`)
      return Object.fromEntries(Object.entries(value))
    },
  }
}

function sinkTo(parts: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk.toString('utf8'))
      done()
    },
  })
}
