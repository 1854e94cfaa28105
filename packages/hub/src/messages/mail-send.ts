import { createTransport } from 'nodemailer'
import { HubError } from '../errors.ts'

/** How mail is sent. */
export interface MailOptions {
  /** `smtp://…` or `smtps://…`, with user and password where the server asks for them. */
  readonly smtp: string
  /** The sender's mailbox. */
  readonly from: string
}

/** Sends messages to mailboxes. */
export interface Mailer {
  /** Sends one; throws when the server does not take it. */
  send(message: { readonly id: string; readonly to: string; readonly at: Date }): Promise<void>
  close(): void
}

const SUBJECT = 'There is something new for you'
const TEXT = `There is something new for you at the early-disclosure hub.

Ask the hub for it; this mail says nothing more on purpose.
`

/**
 * Mail without any content: every message reads the same, whatever it is about, and its Message-ID follows from the message's id, so
 * that a repetition can be told. `domain` is the right side of that id. Throws {@link HubError} `bad-options` on a malformed address.
 */
export function openMailer(options: MailOptions, domain: string): Mailer {
  const server = URL.parse(options.smtp)
  if (server === null || !/^smtps?:$/.test(server.protocol))
    throw new HubError('bad-options', 'the mail server must be given as smtp://host or smtps://host')
  const transport = createTransport(options.smtp, { from: options.from })
  return {
    send: async ({ id, to, at }) => {
      await transport.sendMail({
        to: { name: '', address: to },
        subject: SUBJECT,
        text: TEXT,
        date: at,
        messageId: `<${id}@${domain}>`,
        headers: { 'Auto-Submitted': 'auto-generated' },
        xMailer: false,
        disableFileAccess: true,
        disableUrlAccess: true,
      })
    },
    close: () => transport.close(),
  }
}
