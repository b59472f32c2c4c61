// One page in jsdom. Scripts are not fetched: what a library wants to load is written down, and counts as loaded.
import { JSDOM, VirtualConsole } from 'jsdom'

// jsdom cannot start a page anew; it says so, which tells that a library asked for it.
const heard = new VirtualConsole()
heard.on('jsdomError', error => {
  if (!/navigation/.test(error.message)) throw error
  asked.reloads += 1
})

export const asked = { scripts: [], requests: [], reloads: 0 }

const dom = new JSDOM('<!doctype html><html><head></head><body><div id="root"></div></body></html>', {
  url: 'https://www.example.com/',
  pretendToBeVisual: true,
  virtualConsole: heard
})

export const page = dom.window

function load(node) {
  if (node.tagName !== 'SCRIPT') return false
  asked.scripts.push(node.src)
  queueMicrotask(() => node.onload?.())
  return true
}

const { insertBefore, appendChild } = page.Node.prototype
page.Node.prototype.insertBefore = function (node, before) {
  return load(node) ? node : insertBefore.call(this, node, before)
}
page.Node.prototype.appendChild = function (node) {
  return load(node) ? node : appendChild.call(this, node)
}

async function fetch(url, options) {
  asked.requests.push({ url: String(url), body: options?.body ? JSON.parse(options.body) : null })
  return { ok: true, status: 200, headers: new Map(), json: async () => ({}), text: async () => '' }
}
page.fetch = fetch

for (const name of ['document', 'localStorage', 'HTMLElement', 'Node', 'location', 'getComputedStyle']) {
  Object.defineProperty(globalThis, name, { value: page[name], configurable: true, writable: true })
}
Object.defineProperty(globalThis, 'navigator', { value: page.navigator, configurable: true, writable: true })
globalThis.window = page
globalThis.fetch = fetch
globalThis.IS_REACT_ACT_ENVIRONMENT = true

export function forget() {
  asked.reloads = 0
  asked.scripts.length = 0
  asked.requests.length = 0
  page.localStorage.clear()
  for (const cookie of page.document.cookie.split('; ').filter(Boolean)) {
    const name = cookie.split('=')[0]
    for (const domain of ['', '; domain=example.com', '; domain=www.example.com']) {
      page.document.cookie = `${name}=; expires=Thu, 01 Jan 1970 00:00:00 GMT; path=/${domain}`
    }
  }
}
