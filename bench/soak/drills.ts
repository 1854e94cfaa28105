import { ageRoundTrips } from './age-round-trips.ts'
import { apiFuzz, naughtyStrings } from './api-fuzz.ts'
import { canaryScan } from './canary-scan.ts'
import type { Drill } from './drill.ts'
import { fullTests } from './full-tests.ts'
import { erasureDrills } from './erasure-drill.ts'
import { embeddedFaults, hubFaults, signerFaults, witnessFaults } from './file-faults.ts'
import { killEmbeddedHub, killHub } from './kill-hub.ts'
import { liftUnderKills } from './lift.ts'
import { liftBurst } from './lift-burst.ts'
import { embeddedPowerCut, powerCut } from './power-cut.ts'
import { restoreDrill } from './restore-drill.ts'
import { embeddedRollBack, rollBack } from './roll-back.ts'
import { rotationDrill } from './rotation-drill.ts'
import { sealSpeed } from './seal-speed.ts'
import { throughput } from './throughput.ts'
import { unwritable } from './unwritable.ts'
import { upgradeDrill } from './upgrade-drill.ts'
import { witnessKilled, witnessStorm } from './witness-storm.ts'

/** Every drill, in the order of the goals. */
export const drills: readonly Drill[] = [
  killHub,
  killEmbeddedHub,
  powerCut,
  embeddedPowerCut,
  rollBack,
  embeddedRollBack,
  witnessStorm,
  witnessKilled,
  witnessFaults,
  hubFaults,
  signerFaults,
  embeddedFaults,
  rotationDrill,
  ageRoundTrips,
  canaryScan,
  ...erasureDrills,
  sealSpeed,
  liftUnderKills,
  ...unwritable,
  ...fullTests,
  ...liftBurst,
  ...throughput,
  naughtyStrings,
  apiFuzz,
  restoreDrill,
  upgradeDrill,
]
