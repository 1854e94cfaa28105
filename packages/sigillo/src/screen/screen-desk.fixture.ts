import { randomBytes } from 'node:crypto'
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { Readable, Writable } from 'node:stream'
import { formatIdentityFile, generateIdentity } from '@sigillo/seal/identity'
import { z } from 'zod'
import { enrolmentOf, formatPartnerKey, generatePartnerKey } from '../partner-key.ts'
import { type ExitStatus, run } from '../run.ts'

/** What one command line said. */
export interface Said {
  readonly status: ExitStatus
  readonly out: string
  readonly err: string
}

/** A desk with a case `c1`, run by command lines in this process. */
export interface ScreenDesk {
  readonly folder: string
  readonly env: Readonly<Record<string, string | undefined>>
  readonly sigillo: (args: readonly string[], stdin?: string) => Promise<Said>
  /** Runs a command that has to end with status 0 and print one JSON object. */
  readonly json: (...args: readonly string[]) => Promise<Record<string, unknown>>
  /** Writes a file below the folder and returns its path. */
  readonly file: (path: string, content: string | Uint8Array) => string
  remove(): void
}

export async function openScreenDesk(): Promise<ScreenDesk> {
  const folder = mkdtempSync(join(tmpdir(), 'sigillo-screen-'))
  const at = (path: string): string => join(folder, path)
  writeFileSync(at('desk.key'), formatIdentityFile(await generateIdentity(), '2030-01-01T00:00:00Z'), { mode: 0o600 })
  const env = { ...process.env, SIGILLO_VAULT: at('vault'), SIGILLO_IDENTITY: at('desk.key') }
  const sigillo: ScreenDesk['sigillo'] = async (args, stdin = '') => {
    const out: string[] = []
    const err: string[] = []
    const status = await run(args, {
      stdout: sinkTo(out),
      stderr: sinkTo(err),
      stdin: Readable.from([Buffer.from(stdin)]),
      env,
      interactive: false,
      now: () => new Date(),
      random: (length) => randomBytes(length),
      randomness: 'system',
    })
    return { status, out: out.join(''), err: err.join('') }
  }
  const json: ScreenDesk['json'] = async (...args) => {
    const { status, out, err } = await sigillo([...args, '--json'])
    if (status !== 0) throw new Error(`sigillo ${args.join(' ')}: ${err}`)
    return z.record(z.string(), z.unknown()).parse(JSON.parse(out))
  }
  await json('init', at('vault'))
  await json('case', 'new', 'c1', '--release', '2030-03-09T18:00:00Z')
  return {
    folder,
    env,
    sigillo,
    json,
    file: (path, content) => {
      mkdirSync(dirname(at(path)), { recursive: true })
      writeFileSync(at(path), content)
      return at(path)
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  }
}

/** Adds partners `p0`, `p1`, … */
export async function addPartners({ file, json }: ScreenDesk, count: number): Promise<readonly string[]> {
  const ids = Array.from({ length: count }, (_, at) => `p${at}`)
  const records: unknown[] = []
  for (const id of ids) {
    const key = await generatePartnerKey(id, (size) => randomBytes(size))
    file(`keys/${id}.key`, formatPartnerKey(key, '2030-01-01T00:00:00Z'))
    records.push({ ...enrolmentOf(key), tier: 'full' })
  }
  await json('partner', 'import', file('partners.json', JSON.stringify(records)))
  return ids
}

/** A file of a partner's copy, out of the package that was sealed to it. */
export async function copyOf(desk: ScreenDesk, packagePath: string, id: string, path: string): Promise<string> {
  const header: unknown = JSON.parse(readFileSync(join(desk.folder, 'vault', 'vault.json'), 'utf8'))
  const vendor =
    typeof header === 'object' && header !== null && 'releaseKey' in header ? String(header.releaseKey) : ''
  const output = join(desk.folder, 'opened', id)
  if (!existsSync(output))
    await desk.json(
      'open',
      packagePath,
      '--key',
      join(desk.folder, 'keys', `${id}.key`),
      '--vendor',
      vendor,
      '-o',
      output,
    )
  return readFileSync(join(output, path), 'utf8')
}

function sinkTo(parts: string[]): Writable {
  return new Writable({
    write(chunk: Buffer, _encoding, done) {
      parts.push(chunk.toString('utf8'))
      done()
    },
  })
}
