// Starts `ddbplan serve` on a free port, and stops it with the test.
'use strict'
const { spawn } = require('node:child_process')
const { program } = require('./judge.cjs')

const running = []
process.once('exit', () => running.forEach((server) => server.kill('SIGKILL')))

// The endpoint's URL, once the ready line says it.
function startServer(args = []) {
  const server = spawn(program, ['serve', '--port', '0', ...args],
    { stdio: ['ignore', 'ignore', 'pipe'] })
  running.push(server)
  return new Promise((ready, failed) => {
    let said = ''
    server.stderr.on('data', (bytes) => {
      said += bytes
      const url = /ready on (http:\S+)/.exec(said)
      if (url) ready(url[1])
    })
    server.once('exit', () => failed(new Error(`ddbplan serve ended: ${said}`)))
  })
}

module.exports = { startServer }
