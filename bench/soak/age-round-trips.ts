import { execFileSync } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { decryptAge, encryptAge } from '@sigillo/seal/age-file'
import { checkRecipients, formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import type { Drill, Size } from './drill.ts'

/** Lengths around the 64 KiB chunks of the format. */
const EDGES = [0, 1, 65_535, 65_536, 65_537, 131_071, 131_072, 131_073]
const MIB = 2 ** 20

/** Goal S2: what we seal, Debian's age opens, and the other way. */
export const ageRoundTrips: Drill = {
  id: 'S2',
  title: "round trips with Debian's age",
  goal: '1,000 both ways, 0 bytes to 64 MiB; a mix of post-quantum and classic recipients refused',
  lacks: () => (has('age') ? null : 'age missing (apt install age)'),
  run: async (size) => {
    const folder = mkdtempSync('/tmp/sigillo-soak-')
    const key = await generateIdentity()
    const keyFile = join(folder, 'key.txt')
    writeFileSync(keyFile, formatIdentityFile(key, '2026-01-02T03:04:05Z'))
    let [trips, differ, bytes] = [0, 0, 0]
    try {
      for (const length of lengths(size)) {
        const plaintext = randomBytes(length)
        const ours = await encryptAge(plaintext, [key.recipient])
        const opened = execFileSync('age', ['-d', '-i', keyFile], { input: ours, maxBuffer: 2 ** 28 })
        const theirs = execFileSync('age', ['-r', key.recipient], { input: plaintext, maxBuffer: 2 ** 28 })
        const back = await decryptAge(new Uint8Array(theirs), { identities: [key.identity] })
        trips++
        bytes += length
        differ += plaintext.equals(opened) && plaintext.equals(back) ? 0 : 1
      }
      const mixed = [key.recipient, (await generateIdentity('hybrid')).recipient]
      const refused = await checkRecipients(mixed).then(
        () => 'no',
        () => 'yes',
      )
      return {
        passed: differ === 0 && refused === 'yes',
        figures: { 'round trips': trips, MiB: Math.round(bytes / MIB), differ, 'mix refused': refused },
      }
    } finally {
      rmSync(folder, { recursive: true, force: true })
    }
  },
}

function lengths(size: Size): readonly number[] {
  if (size === 'small') return [...EDGES, MIB]
  const large = [4 * MIB, 16 * MIB, 64 * MIB]
  const random = Array.from({ length: 1000 - EDGES.length - large.length }, () => randomInt(0, 200_000))
  return [...EDGES, ...random, ...large]
}

function has(command: string): boolean {
  try {
    execFileSync(command, ['--version'], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}
