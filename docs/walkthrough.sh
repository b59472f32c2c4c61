#!/usr/bin/env bash
# Run it in an empty folder, with consentlint on the PATH. docs/walkthrough.md is this script with what it prints.
set -euo pipefail

# ## An empty repository
#
# A web store keeps its tracking plan in a repository: one event, three properties, in the format of Segment Protocols.
git init --quiet --initial-branch=main
cat > tracking-plan.json <<'PLAN'
{
  "display_name": "Web store",
  "rules": {
    "events": [
      {
        "name": "Order Completed",
        "description": "A visitor paid for an order",
        "rules": {
          "$schema": "http://json-schema.org/draft-07/schema#",
          "type": "object",
          "properties": {
            "properties": {
              "type": "object",
              "properties": {
                "order_id": { "type": "string" },
                "total": { "type": "number" },
                "email": { "type": "string", "format": "email" }
              }
            }
          }
        }
      }
    ]
  }
}
PLAN

# `init` looks at what is there, and writes settings and a first data map: what is known, and the rest as questions.
consentlint init

# Answering the questions takes an afternoon and a colleague from legal. Here are their answers, in short.
cat > datamap.yaml <<'MAP'
datamap: 1

business:
  name: Example Store
  sells_or_shares: true
  online_only: true
  links:
    privacy_policy: {url: https://store.example/privacy, updated_on: 2026-03-01, explains_signal: true}
    notice_at_collection: {url: https://store.example/privacy#collect}
    do_not_sell: {url: https://store.example/choices, title: Your Privacy Choices, icon: true, placement: footer}

signals:
  gpc: {honored: true, applies_to: [browser, pseudonymous_profile, account], on_absent: keep, display_status: true}

consent:
  manager: segment
  model: opt-in
  categories:
    - id: do-not-sell
      name: Do Not Sell or Share My Personal Information
      purpose: Stop selling and sharing personal information with advertising partners
      controls: [opt-out]
      destinations:
        - facebook-pixel     # custom audiences

sources:
  - id: web
    platform: web
    plan: Web store
    destinations: [facebook-pixel, warehouse]
    consent: {wrapper: segment}
    identity: [user_id, email]

destinations:
  - id: facebook-pixel
    role: third_party
    purposes: [custom_audience]
    shares: true
    mode: device
    contract: {kind: third_party, ref: DPA-2025-114, reviewed_on: 2026-01-10, terms: [1, 2, 3, 4, 5, 6]}
    deletion: {via: vendor_api, key: email, sla_days: 30}
    optout: {propagation: ldu, latency_days: 0}
  - id: warehouse
    role: internal
    mode: warehouse
    exempt_reason: internal_store
    deletion: {via: sql, key: user_id, sla_days: 7}
    access: {via: sql}

events:
  - name: Preferences Changed
    sources: [web]
    properties:
      - {name: category_preferences, pi: none, reason: names of consent categories}
      - {name: manner, pi: none, reason: "signal, link or form"}

requests:
  opt_out:
    methods: [preference_signal, web_form]
    form: {url: "https://store.example/choices", fields: [email]}
    event: Preferences Changed
    store: warehouse
  know: {methods: [web_form, email], sla_days: 45, lookback: all}
  delete: {methods: [web_form, email], via: segment, regulation: SUPPRESS_WITH_DELETE, key: user_id, sla_days: 45}
  correct: {methods: [web_form, email], sla_days: 45}
  log: {store: warehouse, retention_months: 24}
MAP
consentlint check
