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
cat > destinations.yaml <<'MAP'
datamap: 1

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
MAP

# What is left are questions to legal. Questions count as low: they do not fail a run from `medium` upwards. What is open
# today goes into a baseline, so that a later run shows only what is new.
echo 'fail_on: medium' >> consentlint.yaml
consentlint baseline
consentlint check
git add .
git commit --quiet --message "Declare where personal data goes"

# ## The hook
#
# With [pre-commit](ci.md#pre-commit) it is three lines of settings. Here it is git's own hook: the files of the commit only
# filter what is reported, the whole project is read. `--quiet` says nothing of what does not fail the run.
cat > .git/hooks/pre-commit <<'HOOK'
#!/bin/sh
git diff --cached --name-only --diff-filter=d -z | xargs -0 consentlint check --quiet --hook
HOOK
chmod +x .git/hooks/pre-commit

# ## A change that sells data
#
# Marketing asks for one more pixel. It is declared as what it is, and it is fed by the web site.
git switch --quiet --create retargeting
sed 's/\[facebook-pixel, warehouse\]/[facebook-pixel, google-ads-gtag, warehouse]/' datamap.yaml > changed && mv changed datamap.yaml
cat >> destinations.yaml <<'MAP'
  - id: google-ads-gtag
    role: third_party
    purposes: [retargeting]
    shares: true
    mode: device
    contract: {kind: third_party, ref: DPA-2026-009, reviewed_on: 2026-10-01, terms: [1, 2, 3, 4, 5, 6]}
    deletion: {via: vendor_api, key: email, sla_days: 30}
    optout: {propagation: ldu, latency_days: 0}
MAP
git add .

# The commit is refused. The visitor's opt-out would not stop the new pixel, and two files would have to be read together
# to see that.
git commit --quiet --message "Feed Google Ads" || echo "(the commit was refused)"

# ## The cure
#
# Nothing has to be guessed here: there is one category that carries out the opt-out. `--diff` shows what `--fix` would do.
consentlint check --fix --diff || true

# Only that line changes; the comment on the line above stays.
consentlint check --fix
git commit --quiet --all --message "Feed Google Ads, behind Do Not Sell"
git log --oneline --format=%s

# ## The pull request
#
# What does the change mean? Two files changed, and this is what a reviewer has to know. In CI this is the comment on the pull
# request; see [ci.md](ci.md).
consentlint diff main --format markdown

# ## Code scanning
#
# The same findings as SARIF, for the tab "Security" of the repository.
consentlint check --format sarif > consentlint.sarif
grep -A 22 '"results"' consentlint.sarif
