import { randomBytes } from 'node:crypto'
import { generateNoteKey, noteSigner } from '@sigillo/seal/ed25519'
import { generateIdentity } from '@sigillo/seal/identity'
import { sealPackage } from '@sigillo/seal/package'

// Seals as many packages as its argument says, in a process of its own, so that the peak of memory is that of sealing.

const count = Number(process.argv[2])
const { recipient } = await generateIdentity('hybrid')
const large = await secondsFor(count, 2 ** 20, recipient)
const small = await secondsFor(count, 2 ** 14, recipient)
process.stdout.write(`${String(large)} ${String(small)} ${String(Math.round(process.resourceUsage().maxRSS / 1024))}\n`)

async function secondsFor(count: number, length: number, ageRecipient: string): Promise<number> {
  const signer = noteSigner(generateNoteKey('vendor.example/release').secret)
  const files = [{ path: 'poc/a.bin', bytes: new Uint8Array(randomBytes(length)) }]
  const from = performance.now()
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
      files,
      signer,
    })
  }
  return Math.round((performance.now() - from) / 100) / 10
}
