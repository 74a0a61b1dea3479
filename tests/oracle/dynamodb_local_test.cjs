// The plan of every example on Amazon's DynamoDB Local: tables as the template says, the seed as
// seed/load or the SDK loads it, then each request of the proof, in order, with the embedded
// engine's answer beside the judge's.
// usage: dynamodb_local_test.cjs DDBPLAN [EXAMPLE...] (NODE_PATH names the folder of the packages)
'use strict'
const { spawnSync } = require('node:child_process')
const { mkdtempSync, readFileSync, readdirSync, rmSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { basename, join } = require('node:path')
const { differences, sameSet, text, units } = require('./compare.cjs')
const { Judgement, examples, missing, program, required } = require('./judge.cjs')
const { start } = require('./dynamodb_local.cjs')

const sdk = required('@aws-sdk/client-dynamodb')
const judgement = new Judgement()

const kCreateTable = ['AttributeDefinitions', 'KeySchema', 'BillingMode', 'ProvisionedThroughput',
  'LocalSecondaryIndexes', 'GlobalSecondaryIndexes']

// What CreateTable is sent for each table of a template.
function tablesOf(template) {
  const tables = []
  for (const resource of Object.values(template.Resources)) {
    if (!resource.Type.startsWith('AWS::DynamoDB::')) continue
    const { Properties: properties } = resource
    const request = Object.fromEntries(
      kCreateTable.filter((name) => name in properties).map((name) => [name, properties[name]]))
    // Capacity is not judged here, and a GlobalTable's is not CreateTable's.
    request.BillingMode = 'PAY_PER_REQUEST'
    delete request.ProvisionedThroughput
    for (const index of request.GlobalSecondaryIndexes ?? []) {
      for (const name of Object.keys(index)) {
        if (!['IndexName', 'KeySchema', 'Projection'].includes(name)) delete index[name]
      }
    }
    request.TableName = template.Parameters[properties.TableName.Ref].Default
    tables.push(request)
  }
  return tables
}

// DynamoDB Local 1.25 knows nothing of multi-attribute keys (November 2025).
function isKnownToLocal(table) {
  return (table.GlobalSecondaryIndexes ?? []).every(({ KeySchema: keys }) =>
    keys.length === 1 || (keys.length === 2 && keys[1].KeyType === 'RANGE'))
}

function sortNames(tables, request) {
  const table = tables.find(({ TableName: name }) => name === request.TableName)
  const indexes = [...table.GlobalSecondaryIndexes ?? [], ...table.LocalSecondaryIndexes ?? []]
  const index = indexes.find(({ IndexName: name }) => name === request.IndexName)
  return (index ?? table).KeySchema.filter(({ KeyType: type }) => type === 'RANGE')
    .map(({ AttributeName: name }) => name)
}

function linesOf(file) {
  return readFileSync(file, 'utf8').split('\n').filter((line) => line !== '')
}

async function loadBySdk(client, table, lines) {
  for (let at = 0; at < lines.length; at += 25) {
    let items = {
      [table]: lines.slice(at, at + 25).map((line) => ({
        PutRequest: { Item: bytesDecoded(JSON.parse(line).Item) } })),
    }
    while (Object.keys(items).length > 0) {
      const command = new sdk.BatchWriteItemCommand({ RequestItems: items })
      items = (await client.send(command)).UnprocessedItems ?? {}
    }
  }
}

// The SDK takes and gives binary values as bytes; files hold base64.
function mapBinary(value, change) {
  if (Array.isArray(value)) return value.map((element) => mapBinary(element, change))
  if (value === null || typeof value !== 'object' || value instanceof Uint8Array) return value
  const names = Object.keys(value)
  if (names.length === 1 && (names[0] === 'B' || names[0] === 'BS')) {
    const inner = value[names[0]]
    const isLeaf = names[0] === 'B'
      ? typeof inner === 'string' || inner instanceof Uint8Array
      : Array.isArray(inner)
    if (isLeaf) return { [names[0]]: Array.isArray(inner) ? inner.map(change) : change(inner) }
  }
  return Object.fromEntries(names.map((name) => [name, mapBinary(value[name], change)]))
}
const bytesDecoded = (value) => mapBinary(value, (base64) => Buffer.from(base64, 'base64'))
const bytesEncoded = (value) => mapBinary(value, (bytes) => Buffer.from(bytes).toString('base64'))

async function answerOf(client, operation, request) {
  try {
    const response = await client.send(new sdk[`${operation}Command`](bytesDecoded(request)))
    return { response: bytesEncoded(response) }
  } catch (error) {
    if (error.$metadata === undefined) throw error
    const reasons = error.CancellationReasons?.map(({ Code: code }) => code)
    return { error: { type: error.name, message: error.message, reasons } }
  }
}

function compareErrors(name, ours, theirs) {
  judgement.check(ours.type === theirs.type,
    `${name}: error ${ours.type} (${ours.message}) and ${theirs.type} (${theirs.message})`)
  if (ours.reasons) {
    judgement.check(text(ours.reasons) === text(theirs.reasons),
      `${name}: reasons ${ours.reasons} and ${theirs.reasons}`)
  }
}

// Where DynamoDB Local's meter is known to be wrong. A Query that reads nothing is free there; the
// service charges its minimum of half a unit (Developer Guide, "Capacity unit consumption for
// Query"). A transaction of one put of a unit costs 4 units there, and so does one of two such puts.
// A key that a BatchGetItem asks for in vain is free there, too; the service charges it like an item
// of the least size (Developer Guide, "Capacity unit consumption for GetItem").
function isMismetered(operation, request, response, judged) {
  if (operation === 'TransactWriteItems') return true
  if (operation === 'BatchGetItem') {
    const asked = Object.values(request.RequestItems).flatMap(({ Keys }) => Keys).length
    return Object.values(response.Responses ?? {}).flat().length < asked
  }
  return operation === 'Query' && response.ScannedCount === 0 && text(judged) === '{}'
}

async function replay(client, tables, example, lines) {
  let compared = 0
  for (const line of lines) {
    const { pattern, call, step, operation, request, response, error } = JSON.parse(line)
    // The order of a Scan, and so where its pages end, is each implementation's own.
    if (operation === 'Scan') continue
    const name = `${example}: ${pattern}, call ${call}, step ${step}, ${operation}`
    const theirs = await answerOf(client, operation, request)
    compared += 1
    if (error || theirs.error) {
      compareErrors(name, error ?? { type: 'none' }, theirs.error ?? { type: 'none' })
      continue
    }
    const order = operation === 'Query' ? sortNames(tables, request) : null
    const { found, tied } = differences(operation, request, response, theirs.response, order)
    for (const difference of found) judgement.check(false, `${name}: ${difference}`)
    if (tied) continue
    // In a transaction DynamoDB Local doubles the indexes' units and rounds otherwise than the service does,
    // of which captures are known; see tests/unit/engine.
    if (operation.startsWith('Transact')) continue
    const [ours, judged] = [units(response), units(theirs.response)]
    judgement.check(text(ours) === text(judged) || isMismetered(operation, request, theirs.response, judged),
      `${name}: units ${text(ours)} and ${text(judged)}`)
  }
  return compared
}

// Files that `emit` writes for an example, in a folder; null when there is no design.
function emitted(file, folder, rows, formats) {
  for (const format of formats) {
    const args = ['emit', format, file, '-o', folder, '--set', `settings.seed.rows=${rows}`]
    const { status, stderr } = spawnSync(program, args, { encoding: 'utf8' })
    if (status === 1) return null
    if (status !== 0) throw new Error(`ddbplan ${args.join(' ')}: exit ${status}\n${stderr}`)
  }
  const tables = tablesOf(JSON.parse(readFileSync(join(folder, 'template.json'), 'utf8')))
  const seeds = readdirSync(join(folder, 'seed')).filter((name) => name.endsWith('.jsonl'))
  const items = seeds.map((name) => ({
    table: name.slice(0, -'.jsonl'.length), lines: linesOf(join(folder, 'seed', name)) }))
  return { tables, items }
}

async function withFolder(work) {
  const folder = mkdtempSync(join(tmpdir(), 'ddbplan-oracle-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

const judgeExample = (client, file) => withFolder(async (folder) => {
  const example = basename(file)
  const made = emitted(file, folder, kSeedRows, ['cloudformation-json', 'seed', 'exchanges'])
  if (made === null) return console.log(`${example}: no design`)
  const { tables, items } = made
  if (!tables.every(isKnownToLocal)) return console.log(`${example}: multi-attribute keys, not judged`)
  for (const table of tables) await client.send(new sdk.CreateTableCommand(table))
  for (const { table, lines } of items) await loadBySdk(client, table, lines)
  const compared = await replay(client, tables, example, linesOf(join(folder, 'exchanges.jsonl')))
  for (const { TableName } of tables) await client.send(new sdk.DeleteTableCommand({ TableName }))
  const count = items.reduce((sum, { lines }) => sum + lines.length, 0)
  console.log(`${example}: ${tables.length} tables, ${count} items, ${compared} requests`)
})

// seed/load, with the AWS CLI, into tables of other names: what it loads is what the files hold.
const judgeLoader = (url, file) => withFolder(async (folder) => {
  const prefix = 'copy-'
  if (spawnSync('aws', ['--version']).error) return missing('the AWS CLI')
  const made = emitted(file, folder, kLoadedRows, ['cloudformation-json', 'seed'])
  if (made === null) return judgement.check(false, `${basename(file)}: no design to load`)
  const before = clientOf(url)
  for (const table of made.tables) {
    const copy = { ...table, TableName: prefix + table.TableName }
    await before.send(new sdk.CreateTableCommand(copy))
  }
  const done = spawnSync(join(folder, 'seed/load'), ['--endpoint', url, '--table-prefix', prefix],
    { encoding: 'utf8' })
  judgement.check(done.status === 0, `seed/load: exit ${done.status}\n${done.stdout}${done.stderr}`)
  // The script takes long enough for the server to close connections that nobody uses.
  const client = clientOf(url)
  for (const { table, lines } of made.items) {
    const found = []
    const pages = sdk.paginateScan({ client }, { TableName: prefix + table })
    for await (const page of pages) found.push(...page.Items.map(bytesEncoded))
    const expected = lines.map((line) => JSON.parse(line).Item)
    judgement.check(sameSet(expected, found), `seed/load: ${table} holds what ${table}.jsonl says`)
    console.log(`seed/load: ${found.length} items of ${table}`)
  }
  return undefined
})

const kSeedRows = 2000
const kLoadedRows = 200 // The script starts the AWS CLI for every 25 items.

// One attempt only: a write that is repeated has another answer.
const clientOf = (url) => new sdk.DynamoDBClient({
  endpoint: url, region: 'us-east-1', maxAttempts: 1,
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
})

async function main() {
  const url = await start()
  const client = clientOf(url)
  const named = process.argv.slice(3)
  const files = named.length > 0 ? named : examples()
  for (const file of files) await judgeExample(client, file)
  await judgeLoader(url, files[0])
  judgement.end()
}

main().catch((error) => {
  console.log(error)
  process.exit(1)
})
