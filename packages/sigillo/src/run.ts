import { Command, CommanderError } from 'commander'
import { registerApprove } from './commands/approve.ts'
import { registerArtefact } from './commands/artefact.ts'
import { registerCase } from './commands/case.ts'
import { registerChronology } from './commands/chronology.ts'
import { registerDemo } from './commands/demo.ts'
import { registerDossier } from './commands/dossier.ts'
import { registerEmbargo } from './commands/embargo.ts'
import { registerErase } from './commands/erase.ts'
import { registerHub } from './commands/hub.ts'
import { registerInit } from './commands/init.ts'
import { registerKey } from './commands/key.ts'
import { registerKeygen } from './commands/keygen.ts'
import { registerLog } from './commands/log.ts'
import { registerNotify } from './commands/notify.ts'
import { registerOpen } from './commands/open.ts'
import { registerPartner } from './commands/partner.ts'
import { registerPlan } from './commands/plan.ts'
import { registerPolicy } from './commands/policy.ts'
import { registerPreview } from './commands/preview.ts'
import { registerPull } from './commands/pull.ts'
import { registerPush } from './commands/push.ts'
import { registerReceipt } from './commands/receipt.ts'
import { registerScreen } from './commands/screen.ts'
import { registerSeal } from './commands/seal.ts'
import { registerSigner } from './commands/signer.ts'
import { registerToken } from './commands/token.ts'
import { registerTrace } from './commands/trace.ts'
import { registerUser } from './commands/user.ts'
import { registerVault } from './commands/vault.ts'
import { registerVerify } from './commands/verify.ts'
import { registerWitness } from './commands/witness.ts'
import { isExpected } from './errors.ts'
import { type Io, printable } from './io.ts'

/** What a command says with its exit status: 0 done, 1 a negative finding, 2 bad input. 70 is a fault of ours. */
export type ExitStatus = 0 | 1 | 2 | 70

/** Lets a command end with status 1 after it has printed its finding. */
export type Finish = (status: 0 | 1) => void

/**
 * Runs one command line.
 * @param args without the program's name
 */
export async function run(args: readonly string[], io: Io): Promise<ExitStatus> {
  let status: ExitStatus = 0
  const finish: Finish = (value) => {
    status = value
  }
  try {
    await buildProgram(io, finish).parseAsync([...args], { from: 'user' })
    return status
  } catch (error) {
    return explain(error, io)
  }
}

/** The whole command tree; also the source of the generated help. */
export function buildProgram(io: Io, finish: Finish): Command {
  const program = new Command('sigillo')
    .description('Run an early-disclosure programme in which a leak can be traced to a copy')
    .option('--vault <dir>', 'the desk vault (or SIGILLO_VAULT)', io.env['SIGILLO_VAULT'] ?? '.sigillo')
    .option(
      '--identity <file>',
      'age identity that opens the vault (or SIGILLO_IDENTITY); otherwise the passphrase is asked for (or SIGILLO_PASSPHRASE)',
    )
    .configureOutput({
      writeOut: (text) => void io.stdout.write(text),
      writeErr: (text) => void io.stderr.write(text.replace(/^error: /, 'sigillo: ')),
    })
    .exitOverride()
    .showHelpAfterError(false)
    .showSuggestionAfterError(false)
  const all = [
    registerDemo,
    registerInit,
    registerPolicy,
    registerPartner,
    registerCase,
    registerArtefact,
    registerPlan,
    registerPreview,
    registerSeal,
    registerPush,
    registerPull,
    registerEmbargo,
    registerNotify,
    registerScreen,
    registerTrace,
    registerChronology,
    registerDossier,
    registerVault,
    registerVerify,
    registerHub,
    registerSigner,
    registerUser,
    registerToken,
    registerApprove,
    registerErase,
    registerLog,
    registerWitness,
    registerKey,
    registerKeygen,
    registerOpen,
    registerReceipt,
  ]
  for (const register of all) register(program, io, finish)
  for (const command of program.commands) command.copyInheritedSettings(program)
  return program
}

function explain(error: unknown, io: Io): ExitStatus {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (isExpected(error)) {
    io.stderr.write(`sigillo: ${printable(error.message)}\n`)
    return 2
  }
  const message = error instanceof Error ? error.message : String(error)
  io.stderr.write(
    `sigillo: this should not happen (${printable(message)}); run again with SIGILLO_DEBUG=1 and report what it says\n`,
  )
  if (io.env['SIGILLO_DEBUG'] !== undefined && error instanceof Error) io.stderr.write(`${error.stack ?? ''}\n`)
  return 70
}
