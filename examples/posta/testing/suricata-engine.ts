import { execFile, spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { GATEWAY } from './capture.ts'

/** Suricata did not load the rules or read the capture; the message is its own first complaint. */
export class SuricataError extends Error {}

/** Whether `suricata` can be started here. */
export const hasSuricata = spawnSync('suricata', ['--build-info']).status === 0

/** No more than the rules of the bundle need; all that is left to chance by default is fixed. */
const CONFIG = `%YAML 1.1
---
vars:
  address-groups:
    HOME_NET: "[${GATEWAY.address}/32]"
outputs:
  - eve-log:
      enabled: yes
      filename: eve.json
      types: [alert]
logging:
  default-log-level: notice
app-layer:
  protocols:
    http:
      enabled: yes
stream:
  checksum-validation: yes
  reassembly:
    randomize-chunk-size: no
unix-command:
  enabled: no
`

interface EveAlert {
  readonly src_ip: string
  readonly src_port: number
  readonly dest_ip: string
  readonly dest_port: number
  readonly tx_id?: number
  readonly alert: {
    readonly signature_id: number
    readonly rev: number
    readonly signature: string
    readonly category: string
    readonly severity: number
  }
}

/** One alert of Suricata. */
export interface Alert {
  readonly sid: number
  /** The address that talked to the gateway. */
  readonly client: string
  /** All that an analyst sees of it: rule, revision, message, class, severity, the flow's ends and the request within the flow. */
  readonly text: string
}

/**
 * The alerts of a rules file on a capture file, sorted by `text`; an alert that is raised twice stands twice.
 *
 * @throws SuricataError when a rule is not accepted or the capture cannot be read
 */
export async function suricataAlerts(capture: string, rules: string): Promise<readonly Alert[]> {
  const folder = mkdtempSync(join(tmpdir(), 'suricata-'))
  try {
    const [config, signatures] = [join(folder, 'suricata.yaml'), join(folder, 'copy.rules')]
    writeFileSync(config, CONFIG)
    writeFileSync(signatures, rules)
    const flags = ['--init-errors-fatal', '--runmode', 'single', '-k', 'all']
    await run([...flags, '-c', config, '-S', signatures, '-r', capture, '-l', folder])
    const lines = readFileSync(join(folder, 'eve.json'), 'utf8').split('\n').filter(Boolean)
    return lines.map((line): Alert => alertOf(JSON.parse(line))).sort((a, b) => (a.text < b.text ? -1 : 1))
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function run(args: readonly string[]): Promise<void> {
  await promisify(execFile)('suricata', args, { timeout: 60_000, killSignal: 'SIGKILL' }).catch((error: unknown) => {
    throw new SuricataError(/<Error> - (.*)/.exec(String(error))?.[1] ?? `suricata failed: ${String(error)}`)
  })
}

function alertOf({ alert, tx_id: request, ...flow }: EveAlert): Alert {
  const ends = `${flow.src_ip}:${flow.src_port} > ${flow.dest_ip}:${flow.dest_port}`
  const name = `${alert.signature_id} rev ${alert.rev}, ${alert.signature}, ${alert.category}, ${alert.severity}`
  const client = flow.src_ip === GATEWAY.address ? flow.dest_ip : flow.src_ip
  return { sid: alert.signature_id, client, text: `${name}: ${ends}, request ${request ?? '-'}` }
}
