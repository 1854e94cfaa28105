import { createServer, request as forward, type IncomingMessage, type RequestOptions } from 'node:http'

/** One request and its answer, as they went over the wire. */
export interface Transaction {
  readonly uri: string
  readonly requestBody: string
  readonly status: string
  readonly responseHeaders: string
  readonly responseBody: string
}

export interface Recorder {
  readonly port: number
  readonly transactions: readonly Transaction[]
  stop(): void
}

/** A proxy on 127.0.0.1 that passes everything to `port` and keeps what it saw. */
export async function startRecorder(port: number): Promise<Recorder> {
  const transactions: Transaction[] = []
  const server = createServer((incoming, response) => {
    const answerAs = async (): Promise<void> => {
      const { answer, requestBody, responseBody } = await relay(port, incoming)
      const { statusCode = 500, headers } = answer
      const responseHeaders = Object.entries(headers).map(([name, value]) => `${name}: ${[value].flat().join(', ')}`)
      transactions.push({
        uri: incoming.url ?? '',
        requestBody,
        status: String(statusCode),
        responseHeaders: responseHeaders.join('\r\n'),
        responseBody,
      })
      response.writeHead(statusCode, headers).end(responseBody)
    }
    answerAs().catch(() => response.destroy())
  })
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  const address = server.address()
  if (typeof address !== 'object' || address === null) throw new Error('no port was bound')
  const stop = (): void => {
    server.close()
    server.closeAllConnections()
  }
  return { port: address.port, transactions, stop }
}

async function relay(
  port: number,
  incoming: IncomingMessage,
): Promise<{ answer: IncomingMessage; requestBody: string; responseBody: string }> {
  const requestBody = await textOf(incoming)
  const options: RequestOptions = { port, host: '127.0.0.1', path: incoming.url, headers: incoming.headers }
  if (incoming.method !== undefined) options.method = incoming.method
  const answer = await new Promise<IncomingMessage>((resolve, reject) => {
    forward(options, resolve).on('error', reject).end(requestBody)
  })
  return { answer, requestBody, responseBody: await textOf(answer) }
}

async function textOf(stream: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of stream.setEncoding('utf8') as AsyncIterable<string>) text += chunk
  return text
}
