// The engine's conformance cases (tests/unit/engine/conformance) on Amazon's DynamoDB Local: what
// the cases claim of answers and errors, the judge must say too. Units are left out: Local counts
// them by older rules. A case with a "local" member names why Local differs from the service.
// usage: engine_conformance_test.cjs
'use strict'
const { isDeepStrictEqual } = require('node:util')
const { readFileSync, readdirSync } = require('node:fs')
const { join } = require('node:path')
const { Judgement, root } = require('./judge.cjs')
const { start } = require('./dynamodb_local.cjs')

const judgement = new Judgement()
const folder = join(root, 'tests/unit/engine/conformance')

const kHeaders = {
  'Content-Type': 'application/x-amz-json-1.0',
  Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, ' +
    'SignedHeaders=host, Signature=local',
}

async function send(url, operation, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...kHeaders, 'X-Amz-Target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(body),
  })
  return { ok: answer.ok, body: await answer.json() }
}

// "x*3000" stands for 3,000 times x.
function expanded(value) {
  if (typeof value === 'string' && value.startsWith('x*')) return 'x'.repeat(value.slice(2))
  if (value === null || typeof value !== 'object') return value
  if (Array.isArray(value)) return value.map(expanded)
  return Object.fromEntries(Object.entries(value).map(([name, one]) => [name, expanded(one)]))
}

function described(problem) {
  return { type: problem.__type.replace(/.*#/, ''), message: problem.message ?? problem.Message }
}

function compare(what, one, answer) {
  if (one.error) {
    const found = answer.ok ? answer.body : described(answer.body)
    const expected = { type: one.error.type, message: one.error.message ?? found.message }
    judgement.check(!answer.ok && isDeepStrictEqual(found, expected),
      `${what}: ${JSON.stringify(found)}`)
    return
  }
  judgement.check(answer.ok, `${what}: ${JSON.stringify(answer.body)}`)
  for (const [member, expected] of Object.entries(one.response)) {
    if (member === 'ConsumedCapacity') continue
    const found = answer.body[member] ?? null
    judgement.check(isDeepStrictEqual(found, expected), `${what}: ${member} ${JSON.stringify(found)}`)
  }
}

async function runCase(url, tables, what, one) {
  for (const table of tables) {
    await send(url, 'DeleteTable', { TableName: table.TableName })
    await send(url, 'CreateTable', { ...table, BillingMode: 'PAY_PER_REQUEST' })
  }
  for (const setup of one.setup ?? []) {
    const [operation, body] = Object.entries(setup)[0]
    const answer = await send(url, operation, body)
    judgement.check(answer.ok, `${what}: setup ${JSON.stringify(answer.body)}`)
  }
  const [operation, body] = Object.entries(one.request)[0]
  compare(what, one, await send(url, operation, body))
}

async function main() {
  const url = await start()
  for (const file of readdirSync(folder).sort()) {
    const { tables, cases } = expanded(JSON.parse(readFileSync(join(folder, file), 'utf8')))
    for (const one of cases) {
      if (one.local === undefined) await runCase(url, tables, `${file}: ${one.name}`, one)
    }
  }
  judgement.end()
}

main()
