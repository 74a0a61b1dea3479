// `validate --endpoint` on DynamoDB Local: it must answer the proof's requests as our engine does, and be left
// as it was.
'use strict'
const { spawnSync } = require('node:child_process')
const { basename } = require('node:path')
const { Judgement, examples } = require('./judge.cjs')
const { start } = require('./dynamodb_local.cjs')

const program = process.argv[2]

// The names of the tables that are there.
async function tables(url) {
  const answer = await fetch(url, {
    method: 'POST',
    body: '{}',
    headers: {
      'Content-Type': 'application/x-amz-json-1.0',
      'X-Amz-Target': 'DynamoDB_20120810.ListTables',
      Authorization: 'AWS4-HMAC-SHA256 Credential=judge/20240101/us-east-1/dynamodb/aws4_request, ' +
        'SignedHeaders=host, Signature=0',
    },
  })
  return (await answer.json()).TableNames
}

async function main() {
  const judgement = new Judgement()
  const url = await start()
  for (const file of examples()) {
    const name = basename(file)
    const done = spawnSync(program, ['validate', file, '--endpoint', url, '--format', 'json'],
      { encoding: 'utf8', maxBuffer: 1 << 28 })
    judgement.check(done.status === 0, `${name}: exit status ${done.status}\n${done.stderr}`)
    if (done.status > 1) continue
    const { endpoint } = JSON.parse(done.stdout)
    judgement.check(endpoint.complete, `${name}: everything is asked`)
    for (const { access_pattern: pattern, what } of endpoint.failures) {
      judgement.check(false, `${name}: ${pattern}: ${what}`)
    }
  }
  const left = await tables(url)
  judgement.check(left?.length === 0, `no table is left, but ${left}`)
  judgement.end()
}
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
