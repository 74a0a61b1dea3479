// Starts Amazon's DynamoDB Local, in memory, on a free port, and stops it with the test.
'use strict'
const { spawn, spawnSync } = require('node:child_process')
const { createServer } = require('node:net')
const { dirname, join } = require('node:path')
const { existsSync } = require('node:fs')
const { missing } = require('./judge.cjs')

function freePort() {
  return new Promise((found, failed) => {
    const server = createServer()
    server.once('error', failed)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address()
      server.close(() => found(port))
    })
  })
}

function emulatorFolder() {
  try {
    return join(dirname(require.resolve('amplify-dynamodb-simulator/package.json')), 'emulator')
  } catch {
    return missing('amplify-dynamodb-simulator (DynamoDB Local)')
  }
}

// The endpoint's URL, once it answers.
async function start() {
  const folder = emulatorFolder()
  if (!existsSync(join(folder, 'DynamoDBLocal.jar'))) missing('DynamoDBLocal.jar')
  if (spawnSync('java', ['-version']).error) missing('java')
  const port = await freePort()
  const server = spawn(
    'java',
    ['-Djava.library.path=DynamoDBLocal_lib', '-Xmx512m', '-jar', 'DynamoDBLocal.jar',
      '-inMemory', '-sharedDb', '-disableTelemetry', '-port', String(port)],
    { cwd: folder, env: { ...process.env, DDB_LOCAL_TELEMETRY: '0' }, stdio: 'ignore' })
  process.once('exit', () => server.kill('SIGKILL'))
  const url = `http://127.0.0.1:${port}`
  for (let tries = 0; tries < 600; ++tries) {
    if (server.exitCode !== null) throw new Error('DynamoDB Local ended by itself')
    const answers = await fetch(url).then(() => true, () => false)
    if (answers) return url
    await new Promise((resume) => setTimeout(resume, 100))
  }
  throw new Error('DynamoDB Local does not answer')
}

module.exports = { start }
