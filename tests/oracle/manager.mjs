// @segment/consent-manager: first visit, choice and next visit, as its components carry them out.
import { createRequire } from 'node:module'
import { asked, forget, page } from './page.mjs'

const require = createRequire(import.meta.url)
let catalogue = []
const answer = async () => ({ ok: true, json: async () => structuredClone(catalogue) })
const fetching = require.resolve('isomorphic-fetch', { paths: [require.resolve('@segment/consent-manager')] })
require.cache[fetching] = { id: fetching, filename: fetching, loaded: true, exports: answer }

const React = require('react')
const { createRoot } = require('react-dom/client')
const { act } = React
const { ConsentManager } = require('@segment/consent-manager')

const COOKIE = 'tracking-preferences'

// What the library does with analytics.js on one page.
class Analytics {
  constructor() {
    this.initialized = false
    this.loaded = null
    this.stamp = null
  }
  identify() {}
  addSourceMiddleware(middleware) {
    const payload = { obj: { context: {} } }
    middleware({ payload, next: () => {} })
    this.stamp = payload.obj.context.consent.categoryPreferences ?? null
  }
  load(_, options) {
    this.initialized = true
    if (!options) {
      this.loaded = true
      return
    }
    const { All, 'Segment.io': segment, ...rest } = options.integrations
    if (All !== false || segment !== true) throw new Error('the library filters in another way now')
    this.loaded = Object.keys(rest).filter(name => rest[name])
  }
}

function stored() {
  const cookie = page.document.cookie.split('; ').find(one => one.startsWith(`${COOKIE}=`))
  if (!cookie) return null
  const { destinations, custom } = JSON.parse(decodeURIComponent(cookie.slice(COOKIE.length + 1)))
  return { destinations: destinations ?? null, custom: custom ?? null }
}

const settled = () => new Promise(resolve => setTimeout(resolve, 0))
const buttons = () => [...page.document.querySelectorAll('#root button')]
const press = label => buttons().find(button => (button.title || button.textContent) === label)?.click()

const ACTS = {
  accept: () => press('Allow all'),
  deny: () => press('Deny all'),
  close: () => press('Close'),
  interact: () => page.document.body.click()
}

const categories = custom =>
  Object.fromEntries(Object.entries(custom).map(([id, integrations]) => [id, { integrations, purpose: 'why' }]))

// Shows a page; `doing` is what the visitor does there: an act on the banner, or categories that are switched.
async function visit(input, destinations, doing) {
  const entry = ([creationName, category]) => ({ name: NAMED[creationName] ?? creationName, creationName, category })
  catalogue = Object.entries(destinations).map(entry)
  page.analytics = new Analytics()
  let builder = null
  const Found = class extends ConsentManager {
    render() {
      return React.cloneElement(super.render(), { ref: found => (builder = found ?? builder) })
    }
  }
  const props = {
    writeKey: 'key',
    cookieDomain: 'example.com',
    bannerContent: 'banner',
    preferencesDialogContent: 'dialog',
    cancelDialogContent: 'cancel',
    bannerActionsBlock: true,
    shouldRequireConsent: () => input.required,
    implyConsentOnInteraction: input.implied,
    customCategories: input.custom ? categories(input.custom) : undefined,
    initialPreferences: input.initial ?? undefined,
    closeBehavior: input.close ?? undefined
  }
  if (input.behavior) props.defaultDestinationBehavior = input.behavior
  const root = createRoot(page.document.getElementById('root'))
  await act(async () => {
    root.render(React.createElement(Found, props))
    await settled()
  })
  const seen = () => ({ loads: page.analytics.loaded, stamp: page.analytics.stamp })
  const first = seen()
  let then = null
  if (doing) {
    await act(async () => {
      if (typeof doing === 'string') ACTS[doing]()
      else {
        builder.handleSetPreferences(doing)
        builder.handleSaveConsent(undefined, false)
      }
      await settled()
    })
    then = asked.reloads > 0 ? 'again' : seen()
  }
  await act(async () => root.unmount())
  return [first, then]
}

export async function ask(input) {
  forget()
  const [first, then] = await visit(input, input.destinations, input.doing)
  const saved = stored()
  const [next] = await visit(input, { ...input.destinations, ...input.added }, null)
  return { first, then, saved, next }
}

// The name of a destination in the catalogue, where it is not the one that code uses.
const NAMED = { FullStory: 'Fullstory' }
const NAMES = ['Facebook Pixel', 'Google Tag Manager', 'Amplitude', 'Braze', 'Repeater', 'FullStory']
const LISTED = [...NAMES, 'Fullstory']
const CATALOGUE = [
  'Advertising',
  'Tag Managers',
  'Analytics',
  'CRM',
  'Video',
  'Email',
  'Livechat',
  'Helpdesk',
  'Security & Fraud'
]
const BUILT_IN = ['marketingAndAnalytics', 'advertising', 'functional']
const CUSTOM = ['Ads', 'Essential', 'Statistics']

export function configure(random) {
  const catalogue = NAMES.map(name => [name, random.one(CATALOGUE)])
  const before = random.some(catalogue, random.one([1, 2]))
  const added = random.chance(2) ? null : Object.fromEntries(random.some(catalogue, 3).filter(one => !before.includes(one)))
  const lists = () => random.some(CUSTOM, random.one([1, 2])).map(id => [id, random.some(LISTED)])
  const custom = random.chance(2) ? null : Object.fromEntries(lists())
  const ids = custom ? Object.keys(custom) : BUILT_IN
  const choices = () => Object.fromEntries(random.some(ids, random.one([1, 2])).map(id => [id, random.one([true, false, false, null])]))
  const doing = random.one([choices(), choices(), choices(), 'accept', 'deny', 'close', 'interact'])
  return {
    custom,
    initial: random.chance(2) ? null : choices(),
    required: !random.chance(3),
    behavior: random.one([null, 'enable', 'disable', 'imply', 'ask']),
    close: random.one([null, 'accept', 'deny', 'dismiss']),
    implied: random.chance(2),
    destinations: Object.fromEntries(before),
    added,
    doing
  }
}
