import { signCheckpoint } from '@sigillo/tlog/checkpoint'
import { fromUtf8 } from '@sigillo/tlog/encoding'
import { type Growth, judgeGrowth, type TreeHead } from '@sigillo/tlog/growth'
import type { NoteSigner } from '@sigillo/seal/ed25519'
import { HubError } from '../errors.ts'
import type { HighWater } from '../log/high-water.ts'
import { requireOverlap, type Signing, type TreeSigner } from './tree-signer.ts'

/**
 * A signer in this process. It signs one tree after the other, in the order asked: the judgement and the new mark are one step, and a
 * signature leaves only after its tree is in the high-water mark. `readAgain` reads the keys for `renewal`. Throws {@link HubError} `bad-key-file` when the mark is damaged.
 */
export async function localSigner(
  first: readonly NoteSigner[],
  highWater: HighWater,
  readAgain: () => Promise<readonly NoteSigner[]> = () => Promise.resolve(first),
): Promise<TreeSigner> {
  let signers = first
  const origin = signers[0]?.name ?? ''
  let latest = await highWater.read()
  let turn: Promise<unknown> = Promise.resolve()

  const one = async ({ oldSize, proof, next }: Growth): Promise<Signing> => {
    const refused = judgeGrowth({ oldSize, proof, next }, latest)
    if (refused?.kind === 'other-size') return { kind: 'at-size', size: refused.size }
    if (refused !== null) throw new HubError('log-rolled-back', `the signer refuses: ${refused.reason}`)
    await remember(next)
    const { size, root } = next
    return { kind: 'signed', checkpoint: fromUtf8(signCheckpoint({ origin, size, root }, signers)) }
  }
  const remember = async (next: TreeHead): Promise<void> => {
    if (latest !== null && latest.size === next.size) return
    await highWater.write(next).catch((cause: unknown) => {
      throw new HubError('signer-unavailable', 'the newest tree cannot be remembered, so it is not signed', { cause })
    })
    latest = next
  }

  return {
    origin,
    get keys() {
      return vkeysOf(signers)
    },
    last: () => Promise.resolve(latest),
    sign: (growth) => {
      const signing = turn.then(() => one(growth))
      turn = signing.catch(() => undefined)
      return signing
    },
    renewal: async () => {
      const next = await readAgain()
      requireOverlap(vkeysOf(signers), vkeysOf(next), 'the folder')
      return { keys: vkeysOf(next), use: () => void (signers = next) }
    },
    close: async () => void (await turn),
  }
}

function vkeysOf(signers: readonly NoteSigner[]): readonly string[] {
  return signers.map(({ vkey }) => vkey)
}
