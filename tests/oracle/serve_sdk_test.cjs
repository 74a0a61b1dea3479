// The AWS SDK for JavaScript and ElectroDB as users of `ddbplan serve`. The SDK checks the CRC32 of
// every answer and knows every error by its type.
'use strict'
const { mkdtempSync, writeFileSync } = require('node:fs')
const { tmpdir } = require('node:os')
const { join } = require('node:path')
const { Judgement, examples, required } = require('./judge.cjs')
const { startServer } = require('./serve.cjs')
const sdk = required('@aws-sdk/client-dynamodb')
const { Entity, Service } = required('electrodb')

const judgement = new Judgement()

function client(endpoint, secretAccessKey = 'secret') {
  return new sdk.DynamoDBClient({
    endpoint, region: 'eu-west-1', maxAttempts: 1,
    credentials: { accessKeyId: 'judge', secretAccessKey },
  })
}

// The name of the error that a command is refused with; "" when it is answered.
async function refusal(sending) {
  return sending.then(() => '', (error) => error.name)
}

const table = {
  TableName: 'app',
  AttributeDefinitions: ['pk', 'sk', 'gsi1pk', 'gsi1sk']
    .map((AttributeName) => ({ AttributeName, AttributeType: 'S' })),
  KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
  GlobalSecondaryIndexes: [{
    IndexName: 'gsi1',
    KeySchema: [{ AttributeName: 'gsi1pk', KeyType: 'HASH' },
      { AttributeName: 'gsi1sk', KeyType: 'RANGE' }],
    Projection: { ProjectionType: 'ALL' },
  }],
  BillingMode: 'PAY_PER_REQUEST',
}

async function judgeSdk(endpoint) {
  const db = client(endpoint)
  await db.send(new sdk.CreateTableCommand(table))
  await sdk.waitUntilTableExists({ client: db, maxWaitTime: 60 }, { TableName: 'app' })
  judgement.check(
    await refusal(db.send(new sdk.CreateTableCommand(table))) === 'ResourceInUseException',
    'a table is made once')
  const Item = {
    pk: { S: 'all' }, sk: { S: 'types' }, n: { N: '1.50' }, b: { B: Uint8Array.from([0, 255]) },
    yes: { BOOL: true }, nil: { NULL: true }, l: { L: [{ N: '1' }, { S: 'ä' }] },
    m: { M: { deep: { SS: ['a', 'b'] } } }, ns: { NS: ['1', '2'] },
  }
  await db.send(new sdk.PutItemCommand({ TableName: 'app', Item }))
  const Key = { pk: { S: 'all' }, sk: { S: 'types' } }
  const got = await db.send(new sdk.GetItemCommand({ TableName: 'app', Key }))
  judgement.check(got.Item.n.N === '1.5', 'numbers lose their trailing zeros')
  judgement.check(got.Item.b.B.length === 2 && got.Item.b.B[1] === 255, 'binary comes back')
  judgement.check(got.Item.m.M.deep.SS.join() === 'a,b', 'nested values come back')
  judgement.check(await refusal(db.send(new sdk.PutItemCommand({
    TableName: 'app', Item, ConditionExpression: 'attribute_not_exists(pk)',
  }))) === 'ConditionalCheckFailedException', 'a condition fails')
  const cancelled = await db.send(new sdk.TransactWriteItemsCommand({
    TransactItems: [
      { Put: { TableName: 'app', Item: { pk: { S: 'x' }, sk: { S: '1' } } } },
      { ConditionCheck: { TableName: 'app', Key, ConditionExpression: 'n = :two',
        ExpressionAttributeValues: { ':two': { N: '2' } } } },
    ],
  })).catch((error) => error)
  judgement.check(
    cancelled.CancellationReasons?.map((one) => one.Code).join() === 'None,ConditionalCheckFailed',
    'a transaction tells its reasons')
  judgement.check(
    await refusal(db.send(new sdk.GetItemCommand({ TableName: 'none', Key })))
      === 'ResourceNotFoundException', 'a table that is not there')
  const pages = []
  for await (const page of sdk.paginateListTables({ client: db, pageSize: 1 }, {})) pages.push(page)
  judgement.check(pages[0].TableNames.join() === 'app', 'tables are listed')
}

const author = { model: { entity: 'author', version: '1', service: 'library' },
  attributes: { authorId: { type: 'string' }, name: { type: 'string' } },
  indexes: { author: { collection: 'shelf', pk: { field: 'pk', composite: ['authorId'] },
    sk: { field: 'sk', composite: [] } } } }
const book = { model: { entity: 'book', version: '1', service: 'library' },
  attributes: { authorId: { type: 'string' }, bookId: { type: 'string' },
    title: { type: 'string' }, genre: { type: ['crime', 'poetry'] },
    copies: { type: 'number', default: 0 } },
  indexes: { book: { collection: 'shelf', pk: { field: 'pk', composite: ['authorId'] },
    sk: { field: 'sk', composite: ['bookId'] } },
  byGenre: { index: 'gsi1', pk: { field: 'gsi1pk', composite: ['genre'] },
    sk: { field: 'gsi1sk', composite: ['title'] } } } }

async function judgeElectro(endpoint) {
  const options = { client: client(endpoint), table: 'app' }
  const authors = new Entity(author, options)
  const books = new Entity(book, options)
  const library = new Service({ authors, books })
  await authors.create({ authorId: 'a1', name: 'Ada' }).go()
  for (let i = 0; i < 30; ++i) {
    await books.create({ authorId: 'a1', bookId: `b${i}`, title: `t${String(i).padStart(2, '0')}`,
      genre: i % 3 === 0 ? 'poetry' : 'crime' }).go()
  }
  judgement.check(
    (await authors.create({ authorId: 'a1', name: 'Eve' }).go().then(() => '', () => 'refused'))
      === 'refused', 'ElectroDB creates a row once')
  await books.update({ authorId: 'a1', bookId: 'b3' }).add({ copies: 5 }).go()
  const { data } = await books.get({ authorId: 'a1', bookId: 'b3' }).go()
  judgement.check(data.copies === 5, 'ElectroDB adds')
  const shelf = await library.collections.shelf({ authorId: 'a1' }).go()
  judgement.check(shelf.data.authors.length === 1 && shelf.data.books.length === 30,
    'ElectroDB reads a collection')
  const poems = []
  let cursor = null
  do {
    const page = await books.query.byGenre({ genre: 'poetry' }).go({ cursor, limit: 4 })
    poems.push(...page.data)
    cursor = page.cursor
  } while (cursor !== null)
  judgement.check(poems.map((one) => one.title).join()
    === ['00', '03', '06', '09', '12', '15', '18', '21', '24', '27'].map((n) => `t${n}`).join(),
  'ElectroDB pages an index in order')
  await library.transaction.write(({ books: b }) => [
    b.remove({ authorId: 'a1', bookId: 'b0' }).commit(),
    b.patch({ authorId: 'a1', bookId: 'b1' }).set({ copies: 9 }).commit(),
  ]).go()
  judgement.check((await books.get({ authorId: 'a1', bookId: 'b0' }).go()).data === null,
    'ElectroDB writes a transaction')
}

async function judgeSignatures() {
  const file = join(mkdtempSync(join(tmpdir(), 'ddbplan-serve-')), 'credentials')
  writeFileSync(file, '[default]\naws_access_key_id = judge\naws_secret_access_key = secret\n')
  const endpoint = await startServer(['--credentials', file])
  const ask = (secret) => client(endpoint, secret).send(new sdk.ListTablesCommand({}))
  judgement.check(await refusal(ask('secret')) === '', 'a right signature is taken')
  judgement.check(await refusal(ask('wrong')) === 'InvalidSignatureException',
    'a wrong signature is refused')
}

const kServersAtOnce = 8

async function judgeExample(schema) {
  const db = client(await startServer([schema]))
  // Rows that have expired at the instant of the seed go with the first tick.
  await new Promise((resume) => setTimeout(resume, 2500))
  for (const TableName of (await db.send(new sdk.ListTablesCommand({}))).TableNames) {
    const { Table } = await db.send(new sdk.DescribeTableCommand({ TableName }))
    let count = 0
    for await (const page of sdk.paginateScan({ client: db }, { TableName })) count += page.Count
    judgement.check(count > 0 && count === Table.ItemCount, `${schema}: ${TableName} has its seed`)
  }
}

async function main() {
  const endpoint = await startServer()
  await judgeSdk(endpoint)
  await judgeElectro(endpoint)
  await judgeSignatures()
  // Most of it is waiting for the tick, which several servers do at once.
  const schemas = examples()
  for (let at = 0; at < schemas.length; at += kServersAtOnce) {
    await Promise.all(schemas.slice(at, at + kServersAtOnce).map(judgeExample))
  }
  judgement.end()
}
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
