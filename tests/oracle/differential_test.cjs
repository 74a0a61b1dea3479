// Random tables, items and requests to our engine and to Amazon's DynamoDB Local; answers and errors
// must agree, down to the message. Differences that are settled (differential/settled.cjs says how,
// and by what source) are counted; any other is a failure, printed with the seed that repeats it.
// usage: differential_test.cjs DRIVER
//   DDBPLAN_TEST_EFFORT=long   10,000 rounds, about 20 minutes, instead of 250
//   DDBPLAN_TEST_SEED=N        one round, with this seed
//   DDBPLAN_DIFFERENCES=FILE   all differences, settled or not, as JSON lines
'use strict'
const { appendFileSync } = require('node:fs')
const { agreement, text } = require('./compare.cjs')
const { start } = require('./dynamodb_local.cjs')
const { Engine } = require('./differential/engine.cjs')
const { Random } = require('./differential/random.cjs')
const { Requests } = require('./differential/requests.cjs')
const { Values, createTable } = require('./differential/values.cjs')
const { settle } = require('./differential/settled.cjs')

// Rounds, not seconds: a faster machine must not be one that finds more.
const kRounds = process.env.DDBPLAN_TEST_EFFORT === 'long' ? 10000 : 250
const kRequestsPerRound = 300
const kShownMax = 20

const kHeaders = {
  'Content-Type': 'application/x-amz-json-1.0',
  Authorization: 'AWS4-HMAC-SHA256 Credential=local/20260101/local/dynamodb/aws4_request, ' +
    'SignedHeaders=host, Signature=local',
}

async function ask(url, operation, body) {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { ...kHeaders, 'X-Amz-Target': `DynamoDB_20120810.${operation}` },
    body: JSON.stringify(body),
  })
  return { ok: answer.ok, body: await answer.json() }
}

function problem(answer) {
  if (answer.ok) return null
  const { __type: type, CancellationReasons: reasons, Item: item } = answer.body
  const message = answer.body.message ?? answer.body.Message ?? ''
  return { type: type.replace(/.*#/, ''), message, ...(reasons && { reasons }), ...(item && { item }) }
}

// null when two answers agree; else what each says.
function difference(request, ours, theirs) {
  const [a, b] = [problem(ours), problem(theirs)]
  if (a || b) return text(a) === text(b) ? null : { ours: a ?? ours.body, theirs: b ?? theirs.body }
  const differ = () => ({ ours: ours.body, theirs: theirs.body })
  const isPage = request.operation === 'Query' || request.operation === 'Scan'
  if (request.anyOrder || isPage) {
    const sortName = request.operation === 'Query' ? [request.key.sort?.name ?? []].flat() : null
    const mayGoOn = 'LastEvaluatedKey' in ours.body
    const agreed = agreement(ours.body.Items ?? [], theirs.body.Items ?? [], sortName, undefined, mayGoOn)
    if (agreed === 'different') return differ()
    if (agreed === 'tied') return null
    const counts = ({ Count, ScannedCount, LastEvaluatedKey }) =>
      JSON.stringify([Count, ScannedCount, LastEvaluatedKey !== undefined])
    return counts(ours.body) === counts(theirs.body) ? null : differ()
  }
  if (request.operation === 'BatchGetItem') {
    const sorted = (body) => text(Object.entries(body.Responses).sort()
      .map(([table, items]) => [table, items.map(text).sort()]))
    return sorted(ours.body) === sorted(theirs.body) ? null : differ()
  }
  const plain = ({ ItemCollectionMetrics, ...rest }) => text(rest)
  return plain(ours.body) === plain(theirs.body) ? null : differ()
}

class Differences {
  constructor() {
    this.open = 0
    this.settled = new Map()
  }
  add(seed, request, found) {
    const rule = settle(request, found.ours, found.theirs)
    const { operation, body } = request
    if (process.env.DDBPLAN_DIFFERENCES) {
      appendFileSync(process.env.DDBPLAN_DIFFERENCES,
        JSON.stringify({ seed, rule: rule?.name, operation, body, ...found }) + '\n')
    }
    if (rule) {
      this.settled.set(rule.name, (this.settled.get(rule.name) ?? 0) + 1)
      return
    }
    if (++this.open > kShownMax) return
    console.log(`seed ${seed}: ${operation} ${JSON.stringify(body)}\n  ours:   ${JSON.stringify(found.ours)}` +
      `\n  theirs: ${JSON.stringify(found.theirs)}`)
  }
}

async function round(seed, url, engine, differences) {
  const random = new Random(seed)
  const values = new Values(random)
  const tables = [values.table('first'), values.table('second')]
  await engine.send('reset', {})
  for (const table of tables) {
    await ask(url, 'DeleteTable', { TableName: table.name })
    for (const answer of [await ask(url, 'CreateTable', createTable(table)),
      await engine.send('CreateTable', createTable(table))]) {
      if (!answer.ok) throw new Error(`seed ${seed}: ${JSON.stringify(answer.body)}`)
    }
  }
  const requests = new Requests(random, values, tables)
  for (let i = 0; i < kRequestsPerRound; ++i) {
    const request = i < 20 ? requests.put() : requests.next()
    const [ours, theirs] = await Promise.all([
      engine.send(request.operation, request.body), ask(url, request.operation, request.body)])
    const found = difference(request, ours, theirs)
    if (!found) continue
    differences.add(seed, request, found)
    // What was written on one side only would be found again and again; of broken requests DynamoDB Local
    // refuses some and writes all the same.
    if (request.isBroken) return i + 1
    if (ours.ok !== theirs.ok && !['Query', 'Scan', 'GetItem'].includes(request.operation)) return i + 1
  }
  return kRequestsPerRound
}

async function main() {
  const engine = new Engine(process.argv[2])
  const url = await start()
  const differences = new Differences()
  const given = process.env.DDBPLAN_TEST_SEED
  const [first, last] = given ? [Number(given), Number(given)] : [1, kRounds]
  let compared = 0
  for (let seed = first; seed <= last; ++seed) compared += await round(seed, url, engine, differences)
  engine.end()
  for (const [name, count] of [...differences.settled].sort()) console.log(`settled: ${name}: ${count}`)
  console.log(`${compared} requests compared, ${differences.open} differences left`)
  process.exit(differences.open === 0 ? 0 : 1)
}

main()
