// Writes the cases that tests/routing_oracle.rs replays: `npm run cases`.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { Random } from './random.mjs'
import * as manager from './manager.mjs'
import * as wrapper from './wrapper.mjs'

const { dependencies } = createRequire(import.meta.url)('./package.json')
// What says nothing is left out, which keeps the files small.
const small = found =>
  Object.fromEntries(Object.entries(found).filter(([, value]) => value !== null && value !== false))
const short = got => {
  const visits = Object.entries(got).map(([key, value]) => [key, value?.constructor === Object ? small(value) : value])
  return small(Object.fromEntries(visits))
}

const SETS = [
  { name: 'wrapper', asks: wrapper, packages: ['@segment/analytics-consent-tools', '@segment/analytics-next'], seed: 41, count: 1000 },
  { name: 'manager', asks: manager, packages: ['@segment/consent-manager'], seed: 43, count: 1000 }
]

for (const { name, asks, packages, seed, count } of SETS) {
  const random = new Random(seed)
  const seen = new Set()
  const lines = []
  while (lines.length < count) {
    const given = asks.configure(random)
    const key = JSON.stringify(given)
    if (seen.has(key)) continue
    seen.add(key)
    lines.push(JSON.stringify({ given: small(given), got: short(await asks.ask(given)) }))
  }
  const versions = JSON.stringify(Object.fromEntries(packages.map(one => [one, dependencies[one]])))
  const text = `{"packages":${versions},"seed":${seed},"cases":[\n${lines.join(',\n')}\n]}\n`
  writeFileSync(new URL(`./cases/${name}.json`, import.meta.url), text)
  console.log(`${name}: ${count} cases`)
}
process.exit(0)
