import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { verifyFile } from '@sigillo/dossier/verify-file'
import { type Keys, quorumOf, type RotationScene } from './rotation-scene.ts'

/** What came of verifying everything by several policies. */
export interface Checked {
  /** Files that hold by the policy of all keys. */
  readonly verified: number
  /** Files that were refused by a policy that lacks a key they need, as they must be. */
  readonly refused: number
  /** What is not as it must be. */
  readonly wrong: readonly string[]
  /** What a verifier reads who lacks the old key of the log. */
  readonly told: string
}

/** The acts whose dossiers hold by a policy that lacks one key: those in which both keys signed, and those of the other key. */
const LACKING: readonly { readonly lacks: keyof Keys; readonly at: 0 | 1; readonly holds: readonly string[] }[] = [
  { lacks: 'log', at: 0, holds: ['between', 'after'] },
  { lacks: 'log', at: 1, holds: ['before', 'between'] },
  { lacks: 'witness', at: 0, holds: ['between', 'after'] },
  { lacks: 'witness', at: 1, holds: ['before', 'between'] },
  // A release key signs alone.
  { lacks: 'release', at: 0, holds: ['between', 'after'] },
  { lacks: 'release', at: 1, holds: ['before'] },
]

/** Verifies every file, without hub or witness, by the policy of all keys, and every dossier by policies that lack one. */
export async function checkAll(scene: RotationScene): Promise<Checked> {
  const wrong: string[] = []
  let verified = 0
  let refused = 0
  let told = ''
  for (const { path } of scene.files) {
    const reason = await refusalOf(path, policyOf(scene, scene.keys))
    if (reason === null) verified++
    else wrong.push(`${basename(path)}: ${reason}`)
  }
  for (const { lacks, at, holds } of LACKING) {
    const keys = { ...scene.keys, [lacks]: scene.keys[lacks].toSpliced(at, 1) }
    for (const { act, path } of scene.files.filter((file) => file.path.endsWith('dossier'))) {
      const reason = await refusalOf(path, policyOf(scene, keys))
      if ((reason === null) !== holds.includes(act))
        wrong.push(`${act} without ${lacks} key ${String(at + 1)}: ${reason ?? 'accepted'}`)
      if (reason === null) continue
      refused++
      if (lacks !== 'log' || at !== 0) continue
      told = reason
      if (!reason.includes(keyId(scene.keys.log[0] ?? '')))
        wrong.push(`${act}: the missing key is not named: ${reason}`)
    }
  }
  return { verified, refused, wrong, told }
}

function policyOf({ partners }: RotationScene, { log, witness, release }: Keys): string {
  const own = [...log.map((key) => `log ${key}`), ...release.map((key) => `vendor ${key}`), ...partners]
  return `${own.join('\n')}\n${quorumOf(witness)}`
}

/** Null when every claim is proven; otherwise the first that is not. */
async function refusalOf(path: string, policy: string): Promise<string | null> {
  const { ok, claims } = await verifyFile(new Uint8Array(readFileSync(path)), { policy })
  const bad = claims.find(({ verdict }) => verdict === 'failed' || verdict === 'unwitnessed')
  if (bad !== undefined) return `${bad.id}: ${bad.reason}`
  return ok ? null : 'it does not hold'
}

/** Name and key id of a verifier key, as a verifier names it. */
function keyId(vkey: string): string {
  return vkey.split('+').slice(0, 2).join('+')
}
