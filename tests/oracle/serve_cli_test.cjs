// The AWS CLI as a user of `ddbplan serve`: the control plane and DynamoDB Streams.
'use strict'
const { spawnSync } = require('node:child_process')
const { Judgement, missing } = require('./judge.cjs')
const { startServer } = require('./serve.cjs')

const judgement = new Judgement()
let endpoint = ''

// What `aws` answers, or the type of the error that it reports.
function aws(...args) {
  const done = spawnSync('aws', [...args, '--endpoint-url', endpoint, '--output', 'json'], {
    encoding: 'utf8',
    env: { ...process.env, AWS_ACCESS_KEY_ID: 'judge', AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_DEFAULT_REGION: 'eu-west-1', AWS_MAX_ATTEMPTS: '1', AWS_PAGER: '' },
  })
  if (done.error) missing('aws')
  if (done.status !== 0) return { error: /\((\w+)\)/.exec(done.stderr)?.[1] ?? done.stderr }
  return done.stdout.trim() === '' ? {} : JSON.parse(done.stdout)
}

function judgeTables() {
  const created = aws('dynamodb', 'create-table', '--table-name', 'orders',
    '--attribute-definitions', 'AttributeName=pk,AttributeType=S',
    '--key-schema', 'AttributeName=pk,KeyType=HASH', '--billing-mode', 'PAY_PER_REQUEST',
    '--stream-specification', 'StreamEnabled=true,StreamViewType=NEW_AND_OLD_IMAGES',
    '--tags', 'Key=team,Value=shop')
  const arn = created.TableDescription.TableArn
  judgement.check(!aws('dynamodb', 'wait', 'table-exists', '--table-name', 'orders').error,
    'the CLI waits for a table')
  aws('dynamodb', 'tag-resource', '--resource-arn', arn, '--tags', 'Key=env,Value=test')
  judgement.check(
    aws('dynamodb', 'list-tags-of-resource', '--resource-arn', arn).Tags.length === 2, 'tags')
  const updated = aws('dynamodb', 'update-table', '--table-name', 'orders',
    '--attribute-definitions', 'AttributeName=status,AttributeType=S',
    '--global-secondary-index-updates', JSON.stringify([{ Create: { IndexName: 'by_status',
      KeySchema: [{ AttributeName: 'status', KeyType: 'HASH' }],
      Projection: { ProjectionType: 'KEYS_ONLY' } } }]))
  judgement.check(updated.TableDescription?.GlobalSecondaryIndexes.length === 1, 'an index is added')
  judgement.check(aws('dynamodb', 'update-time-to-live', '--table-name', 'orders',
    '--time-to-live-specification', 'Enabled=true,AttributeName=ttl')
    .TimeToLiveSpecification?.Enabled === true, 'time to live is enabled')
  judgement.check(aws('dynamodb', 'describe-continuous-backups', '--table-name', 'orders')
    .ContinuousBackupsDescription?.ContinuousBackupsStatus === 'ENABLED', 'backups are described')
  judgement.check(aws('dynamodb', 'describe-limits').TableMaxReadCapacityUnits > 0, 'limits')
  judgement.check(aws('dynamodb', 'describe-endpoints').Endpoints?.length === 1, 'endpoints')
  judgement.check(aws('dynamodb', 'describe-table', '--table-name', 'none').error
    === 'ResourceNotFoundException', 'a table that is not there')
  return created.TableDescription.LatestStreamArn
}

function judgeStream(arn) {
  aws('dynamodb', 'put-item', '--table-name', 'orders', '--item', '{"pk":{"S":"a"}}')
  aws('dynamodb', 'update-item', '--table-name', 'orders', '--key', '{"pk":{"S":"a"}}',
    '--update-expression', 'SET n = :n', '--expression-attribute-values', '{":n":{"N":"1"}}')
  aws('dynamodb', 'delete-item', '--table-name', 'orders', '--key', '{"pk":{"S":"a"}}')
  judgement.check(
    aws('dynamodbstreams', 'list-streams').Streams?.[0].StreamArn === arn, 'streams are listed')
  const shard = aws('dynamodbstreams', 'describe-stream', '--stream-arn', arn)
    .StreamDescription.Shards[0].ShardId
  const iterator = aws('dynamodbstreams', 'get-shard-iterator', '--stream-arn', arn,
    '--shard-id', shard, '--shard-iterator-type', 'TRIM_HORIZON').ShardIterator
  const { Records } = aws('dynamodbstreams', 'get-records', '--shard-iterator', iterator)
  judgement.check(Records?.map((one) => one.eventName).join() === 'INSERT,MODIFY,REMOVE',
    'records tell what happened')
  judgement.check(Records?.[1].dynamodb.NewImage.n.N === '1', 'records have their images')
}

async function main() {
  endpoint = await startServer()
  judgeStream(judgeTables())
  const rows = aws('dynamodb', 'execute-statement', '--statement',
    "INSERT INTO orders VALUE {'pk': 'p'}")
  judgement.check(!rows.error, 'PartiQL inserts')
  judgement.check(aws('dynamodb', 'delete-table', '--table-name', 'orders')
    .TableDescription?.TableStatus === 'DELETING', 'a table is deleted')
  judgement.check(!aws('dynamodb', 'wait', 'table-not-exists', '--table-name', 'orders').error,
    'the CLI waits for its end')
  judgement.end()
}
main().catch((error) => {
  console.error(error)
  process.exit(1)
})
