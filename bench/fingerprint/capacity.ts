import type { BiasFamily } from '@sigillo/fingerprint/law'
import type { Information } from './theory/information.ts'
import { worstAttack } from './theory/worst-attack.ts'

// Prints the information per site in nats that is left by the worst attack on each quantity, and that attack (theta_1 .. theta_{c-1}).

const QUANTITIES: readonly (keyof Information)[] = ['single', 'joint', 'conditional']

process.stdout.write('| law | c | quantity | nats per site | theta inside |\n|---|---|---|---|---|\n')
for (const family of ['HALF', 'GL6', 'GL8'] satisfies BiasFamily[]) {
  for (let leakers = 1; leakers <= 6; leakers++) {
    for (const quantity of QUANTITIES) {
      const { theta, information } = worstAttack(family, leakers, quantity)
      const inside = theta.slice(1, -1).map((value) => value.toFixed(3))
      process.stdout.write(
        `| ${family} | ${leakers} | ${quantity} | ${information[quantity].toFixed(4)} | ${inside.join(' ')} |\n`,
      )
    }
  }
}
