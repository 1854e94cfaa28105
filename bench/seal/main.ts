import { fileURLToPath } from 'node:url'
import { packageSizes } from './package-sizes.ts'

/** Prints what a package of a folder takes: `npm run bench:seal [-- FOLDER]`, Posta's bundle otherwise. */
const folder = process.argv[2] ?? fileURLToPath(new URL('../../examples/posta/bundle', import.meta.url))
const sizes = await packageSizes(folder)
const row = (name: string, value: number): string => `${name.padEnd(52)} ${value.toLocaleString('en').padStart(10)}\n`
process.stdout.write(
  [
    row('mark sites', sizes.sites),
    row('boxes in the body', sizes.boxes),
    row('keys of one copy, one for each segment', sizes.pieces),
    row('their record before encryption, bytes', sizes.keys),
    row('keys.age to an X25519 key, bytes', sizes.classic),
    row('keys.age to a post-quantum key, bytes', sizes.postQuantum),
    row('package without its body, post-quantum, bytes', sizes.package),
    row('body.age, the same for everybody, bytes', sizes.body),
  ].join(''),
)
