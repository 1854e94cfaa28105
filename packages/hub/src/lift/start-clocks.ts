import type { HubContext } from '../context.ts'
import { startErasures } from '../erasures/finish-erasures.ts'
import { startLifts } from './lift-loop.ts'
import type { MailOptions, Mailer } from '../messages/mail-send.ts'
import { startOutbox } from '../messages/outbox-worker.ts'
import { addressRule } from '../messages/webhook-address.ts'

/** How messages to recipients and to the vendor leave. */
export interface MessageOptions {
  /** Networks (CIDR) that messages may go to although they are not public; with any, plain http is allowed too. */
  readonly allow?: readonly string[]
  readonly mail?: MailOptions
  /** Longest wait for one answer, in milliseconds; default 20,000. */
  readonly timeoutMs?: number
}

/** What a hub does by itself: lifting, sending messages, and finishing erasures. */
export interface Clocks {
  /** Why the clocks contradict each other, or null. */
  contradiction(): string | null
  /** Stops; resolves when nothing runs any more. */
  close(): Promise<void>
}

/** Starts all of it. Throws HubError `bad-options`. */
export async function startClocks(hub: HubContext, messages: MessageOptions): Promise<Clocks> {
  const { engine, sequencer, time, say } = hub
  const [domain = ''] = hub.log.origin.split('/')
  const rule = addressRule(messages.allow ?? [])
  const mailer = messages.mail === undefined ? null : await mailerOf(messages.mail, domain)
  const outbox = startOutbox({
    engine,
    time,
    webhooks: { key: hub.webhookKey, rule, timeoutMs: messages.timeoutMs ?? 20_000 },
    mailer,
    say,
  })
  const lifts = startLifts(engine.db, sequencer, { time, say })
  const erasures = startErasures(hub)
  return {
    contradiction: () => lifts.contradiction(),
    close: async () => {
      await Promise.all([lifts.close(), outbox.close(), erasures.close()])
      mailer?.close()
    },
  }
}

/** Its library is loaded only where mail is sent: a hub that starts after a failure is to be there soon. */
async function mailerOf(mail: MailOptions, domain: string): Promise<Mailer> {
  const { openMailer } = await import('../messages/mail-send.ts')
  return openMailer(mail, domain)
}
