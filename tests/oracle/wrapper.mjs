// `createWrapper` of @segment/analytics-consent-tools around the real analytics.js (@segment/analytics-next).
import { createRequire } from 'node:module'
import { asked, forget, page } from './page.mjs'

const require = createRequire(import.meta.url)
const { AnalyticsBrowser } = require('@segment/analytics-next')
const { createWrapper } = require('@segment/analytics-consent-tools')

// How each destination runs: `classic` and `action` in the browser, `cloud` on Segment's servers.
export const DESTINATIONS = {
  'Facebook Pixel': 'classic',
  'TikTok Pixel': 'action',
  'Actions Amplitude': 'action',
  AdWords: 'classic',
  Zapier: 'cloud'
}
const PATIENCE = 300
const CATEGORIES = ['C0001', 'C0002', 'Advertising', 'advertising']

const path = name => name.toLowerCase().replace('.', '').replace(/\s+/g, '-')
const library = name => `${path(name).replaceAll('-', '')}Destination`
let received = []

// The vendors' code: it only says that it was given an event.
function vendor(name) {
  page[`${path(name)}Deps`] = []
  page[`${path(name)}Loader`] = () => {}
  page[`${path(name)}Integration`] = class {
    constructor() {
      this.listeners = {}
    }
    once(event, listener) {
      this.listeners[event] = listener
    }
    on(event, listener) {
      this.listeners[event] = listener
    }
    initialize() {
      this.listeners.initialize?.()
      this.listeners.ready?.()
    }
    invoke(_, event) {
      if (event.event() === 'Asked') received.push(name)
    }
  }
  page[library(name)] = () => ({
    name,
    version: '1',
    type: 'destination',
    isLoaded: () => true,
    load: async () => {},
    track: async ctx => {
      if (ctx.event.event === 'Asked') received.push(name)
      return ctx
    }
  })
}
Object.keys(DESTINATIONS).forEach(vendor)

function settingsOf(input) {
  // analytics.js loads classic destinations only where the settings name two integrations or more. With one more in the
  // cloud that no case is about, taking out `Segment.io` does not bring that accident in.
  const integrations = { 'Segment.io': { apiKey: 'key', type: 'server' }, Slack: { bundlingStatus: 'unbundled' } }
  const remotePlugins = []
  for (const [name, categories] of Object.entries(input.destinations)) {
    const kind = DESTINATIONS[name]
    integrations[name] = { ...(kind === 'classic' ? { type: 'browser', bundlingStatus: 'bundled' } : {}) }
    if (kind === 'classic') integrations[name].versionSettings = { version: '1', componentTypes: ['browser'] }
    if (kind === 'cloud') integrations[name].bundlingStatus = 'unbundled'
    if (categories) integrations[name].consentSettings = { categories }
    if (kind !== 'action') continue
    const url = `https://cdn.segment.com/next-integrations/actions/${library(name)}/1.js`
    remotePlugins.push({ name, creationName: name, url, libraryName: library(name), settings: {} })
  }
  const { all, unmapped } = input.settings ?? {}
  const consentSettings = all && { allCategories: all, hasUnmappedDestinations: unmapped }
  return { integrations, remotePlugins, consentSettings }
}

// Which destinations' scripts a page asked for.
function scripts() {
  const own = name => [`/integrations/${path(name)}/`, `/actions/${library(name)}/`]
  return Object.keys(DESTINATIONS).filter(name =>
    asked.scripts.some(source => own(name).some(part => source.includes(part)))
  )
}

export async function ask(input) {
  forget()
  received = []
  const analytics = new AnalyticsBrowser()
  const wrap = createWrapper({
    getCategories: () => input.preferences,
    shouldLoadSegment: context => context.load({ consentModel: input.model }),
    integrationCategoryMappings: input.mapping ?? undefined,
    pruneUnmappedCategories: input.prune
  })
  wrap(analytics)
  const options = input.integrations ? { integrations: input.integrations } : {}
  await analytics.load({ writeKey: 'key', cdnSettings: settingsOf(input) }, options)
  // An event that a middleware fails on is tried again for minutes; by then the page is gone.
  const given = new Promise(resolve => setTimeout(resolve, PATIENCE))
  const on = input.event ? { integrations: input.event } : {}
  await Promise.race([analytics.track('Asked', {}, on).catch(() => {}), given])
  const sent = asked.requests.find(request => request.body?.event === 'Asked')?.body
  return {
    loads: scripts(),
    receives: Object.keys(DESTINATIONS).filter(name => received.includes(name)),
    segment: sent ? { stamp: sent.context.consent?.categoryPreferences ?? null, integrations: sent.integrations } : null
  }
}

function categoriesOf(random) {
  if (random.chance(3)) return null
  return random.some(CATEGORIES, 3)
}

export function configure(random) {
  const names = Object.keys(DESTINATIONS)
  const destinations = Object.fromEntries(random.some(names, random.one([1, 2])).map(name => [name, categoriesOf(random)]))
  const mapped = () => [...random.some(names), ...random.some(['Segment.io'], 8)].map(name => [name, random.some(CATEGORIES, 2)])
  const mapping = random.chance(2) ? null : Object.fromEntries(random.chance(8) ? [] : mapped())
  const listed = [...new Set(Object.values(destinations).flatMap(list => list ?? []))]
  const unmapped = Object.values(destinations).some(list => !list?.length)
  const truth = { all: listed, unmapped }
  const other = { all: random.some(CATEGORIES), unmapped: random.chance(3) }
  const settings = random.chance(6) ? null : random.chance(3) ? other : truth
  const preferences = Object.fromEntries(random.some(CATEGORIES, random.one([1, 2])).map(id => [id, random.chance(2)]))
  const all = mapping ? Object.values(mapping).flat() : (settings?.all ?? [])
  const integrations = () => {
    const named = [...random.some(names, 3), ...random.some(['All', 'Segment.io'], 5)]
.map(name => [name, random.chance(2)])
    return Object.fromEntries(named)
  }
  return {
    model: random.one(['opt-in', 'opt-out']),
    mapping,
    // Without any category pruning is refused as a mistake of the set-up.
    prune: all.length > 0 && random.chance(4),
    destinations,
    settings,
    preferences,
    integrations: random.chance(4) ? integrations() : null,
    event: random.chance(6) ? integrations() : null
  }
}
