import { randomBytes, randomInt } from 'node:crypto'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { generateIdentity } from '@sigillo/seal/identity'
import { sealBody } from '@sigillo/seal/body'
import { sealPackage } from '@sigillo/seal/package'
import { peakMemoryMib } from '../peak-memory.ts'

// Seals as many packages as its argument says, in a process of its own, so that the peak of memory is that of sealing.

const count = Number(process.argv[2])
const { recipient } = await generateIdentity('hybrid')
const large = await secondsFor(count, 2 ** 20, recipient)
const small = await secondsFor(count, 2 ** 14, recipient)
process.stdout.write(`${String(large)} ${String(small)} ${String(peakMemoryMib())}\n`)

async function secondsFor(count: number, length: number, ageRecipient: string): Promise<number> {
  const signer = noteSigner(generateNoteKey('vendor.example/release').secret)
  const files = [{ path: 'poc/a.py', segments: segmentsOf(length) }]
  const from = performance.now()
  const body = await sealBody(files)
  for (let i = 0; i < count; i++) {
    await sealPackage({
      programme: 'Example programme',
      package: `p-${String(i)}`,
      case: 'case-1',
      distribution: 'dist-1',
      recipient: 'partner-001',
      tier: 'full',
      notBefore: null,
      sealedAt: '2026-01-02T03:04:05Z',
      planHash: '0'.repeat(64),
      codeCommitment: '1'.repeat(64),
      ageRecipient,
      body,
      copy: [{ path: 'poc/a.py', pieces: files.flatMap(({ segments }) => choose(segments)) }],
      signer,
    })
  }
  return Math.round((performance.now() - from) / 100) / 10
}

/** A text of so many bytes in 160 segments, every second with a mark of two to eight variants. */
function segmentsOf(length: number): readonly (readonly Uint8Array[])[] {
  return Array.from({ length: 160 }, (_, segment) =>
    Array.from({ length: segment % 2 === 0 ? 1 : 2 + (segment % 7) }, () => new Uint8Array(randomBytes(length / 160))),
  )
}

function choose(segments: readonly (readonly Uint8Array[])[]) {
  return segments.map((variants, segment) => ({ segment, variant: randomInt(variants.length) }))
}
