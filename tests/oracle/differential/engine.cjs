// Our engine as a process: engine_driver.cpp.
'use strict'
const { spawn } = require('node:child_process')

class Engine {
  constructor(binary) {
    this.process = spawn(binary, [], { stdio: ['pipe', 'pipe', 'inherit'] })
    this.waiting = []
    this.rest = ''
    this.process.stdout.setEncoding('utf8')
    this.process.stdout.on('data', (text) => this.receive(text))
    this.process.on('exit', (code, signal) => {
      for (const { failed, line } of this.waiting) failed(new Error(`the engine ended (${signal ?? code}) at ${line}`))
    })
  }

  receive(text) {
    const lines = (this.rest + text).split('\n')
    this.rest = lines.pop()
    for (const line of lines) {
      const tab = line.indexOf('\t')
      const { done } = this.waiting.shift()
      done({ ok: line.slice(0, tab) === '200', body: JSON.parse(line.slice(tab + 1)) })
    }
  }

  send(operation, body) {
    const line = `${operation}\t${JSON.stringify(body)}`
    this.process.stdin.write(`${line}\n`)
    return new Promise((done, failed) => this.waiting.push({ done, failed, line }))
  }

  end() { this.process.stdin.end() }
}

module.exports = { Engine }
