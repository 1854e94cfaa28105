import { execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { noteSigner } from '@sigillo/seal/ed25519'
import { cosignatureSigner } from '@sigillo/tlog/cosignature'
import { fromUtf8, toBase64, utf8 } from '@sigillo/tlog/encoding'
import { addSignatures, parseNote } from '@sigillo/tlog/note'
import { consistencyFromTiles, inclusionFromTiles } from '@sigillo/tlog/tile-reader'
import { ED25519_COSIGNATURE } from '@sigillo/tlog/vkey'
import { LOG_SECRET, logSigner, readerOf, type SampleLog, secretOf, writeFolder } from './sample-log.ts'
import { seededNumbers } from './seeded-numbers.ts'

/** What Go found good, and how many changed copies of it Go refused. */
export interface GoCounts {
  readonly entries: number
  readonly bundles: number
  readonly tiles: number
  readonly checkpoints: number
  readonly cosigned: number
  readonly inclusion: number
  readonly consistency: number
  readonly refused: number
}

/** Where Debian's golang-golang-x-mod-dev puts its sources. */
const DEBIAN_GOPATH = '/usr/share/gocode'

/** The version of Go when it and its sumdb packages are installed, else null. */
export function goVersion(): string | null {
  if (!existsSync(join(DEBIAN_GOPATH, 'src/golang.org/x/mod/sumdb/tlog'))) return null
  try {
    return execFileSync('go', ['env', 'GOVERSION'], { encoding: 'utf8' }).trim()
  } catch {
    return null
  }
}

/** Compiles the verifier, without network, into `folder`. Returns the program's path. */
export function buildVerifier(folder: string): string {
  const program = join(folder, 'verify')
  execFileSync('go', ['build', '-o', program, 'verify.go'], {
    cwd: fileURLToPath(new URL('go-sumdb', import.meta.url)),
    env: { ...process.env, GO111MODULE: 'off', GOFLAGS: '', GOPROXY: 'off', GOPATH: DEBIAN_GOPATH, CGO_ENABLED: '0' },
  })
  return program
}

/** Writes the log as a folder of tiles, with its newest checkpoint cosigned, and the claims that Go shall judge. */
export async function writeClaims(
  folder: string,
  log: SampleLog,
  proofs: { readonly inclusion: number; readonly consistency: number },
): Promise<{ readonly tiles: string; readonly claims: string }> {
  const witness = noteSigner(secretOf('witness.example/1', ED25519_COSIGNATURE))
  const notes = log.checkpoints.map(({ note }) => note)
  const newest = cosigned(notes.pop() ?? new Uint8Array(0), witness)
  const tiles = join(folder, 'log')
  writeFolder(tiles, [...log.files, ['checkpoint', newest]])
  const lines = [
    { kind: 'key', vkey: logSigner.vkey, secret: LOG_SECRET, witness: witness.vkey },
    ...[...notes, newest].map((note) => ({ kind: 'checkpoint', note: fromUtf8(note) })),
    ...(await proofClaims(log, proofs)),
  ]
  const claims = join(folder, 'claims.jsonl')
  writeFileSync(claims, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
  return { tiles, claims }
}

/** Runs the compiled verifier. Throws with Go's own line when anything is not as claimed. */
export function runVerifier(program: string, tiles: string, claims: string): GoCounts {
  return JSON.parse(execFileSync(program, [tiles, claims], { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] }))
}

/** The whole comparison in a temporary folder. */
export async function verifyWithGo(
  log: SampleLog,
  proofs: { readonly inclusion: number; readonly consistency: number },
): Promise<GoCounts> {
  const folder = mkdtempSync(join(tmpdir(), 'go-sumdb-'))
  try {
    const { tiles, claims } = await writeClaims(folder, log, proofs)
    return runVerifier(buildVerifier(folder), tiles, claims)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

function cosigned(note: Uint8Array, witness: ReturnType<typeof noteSigner>): Uint8Array {
  const { name, keyId, sign } = cosignatureSigner(witness, 1_700_000_000)
  return addSignatures(note, [{ name, keyId, signature: sign(utf8(parseNote(note).text)) }])
}

/** Proofs between random places of the log: into its newest tree and into trees of every other size. */
async function proofClaims(
  log: SampleLog,
  proofs: { readonly inclusion: number; readonly consistency: number },
): Promise<object[]> {
  const { tile } = readerOf(log.files, new Uint8Array(0))
  const { below } = seededNumbers('claims')
  const sizes = [log.size, ...log.checkpoints.map(({ size }) => size)]
  const claims: object[] = []
  for (let at = 0; at < proofs.inclusion; at++) {
    const size = at % 2 === 0 ? log.size : (sizes[below(sizes.length)] ?? log.size)
    const index = at === 0 ? log.size - 1 : below(size)
    claims.push({ kind: 'inclusion', index, size, proof: hashes(await inclusionFromTiles(index, size, tile)) })
  }
  for (let at = 0; at < proofs.consistency; at++) {
    const size = at % 2 === 0 ? log.size : (sizes[below(sizes.length)] ?? log.size)
    const old = 1 + below(size)
    claims.push({ kind: 'consistency', old, size, proof: hashes(await consistencyFromTiles(old, size, tile)) })
  }
  return claims
}

const hashes = (proof: readonly Uint8Array[]): string[] => proof.map(toBase64)
