import { type ChildProcess, spawn } from 'node:child_process'

const program = `
const { createServer } = require('node:http')
const { readFileSync } = require('node:fs')
const path = process.argv[1]
createServer((_, response) => {
  const bytes = readFileSync(path)
  response.writeHead(200, { 'content-type': 'application/octet-stream', 'content-length': bytes.length })
  response.end(bytes)
}).listen(0, '127.0.0.1', function () { console.log(this.address().port) })`

/** A bare file server in a process of its own: no accounts, no log, nothing remembered. What a hub is measured beside. */
export async function serveFile(path: string): Promise<{ readonly url: string; stop(): void }> {
  const child: ChildProcess = spawn(process.execPath, ['-e', program, path], { stdio: ['ignore', 'pipe', 'inherit'] })
  const port = await new Promise<string>((resolve) =>
    child.stdout?.once('data', (chunk: Buffer) => resolve(chunk.toString().trim())),
  )
  return { url: `http://127.0.0.1:${port}/`, stop: () => void child.kill() }
}
