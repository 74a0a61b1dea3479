// What the JavaScript oracles share: the program under test, its examples, and how a test ends.
'use strict'
const { spawnSync } = require('node:child_process')
const { readdirSync } = require('node:fs')
const { join, resolve } = require('node:path')

const root = resolve(__dirname, '../..')
const program = process.argv[2]

// Ends the test: its judge is not installed.
function missing(what) {
  console.log(`not installed: ${what}`)
  process.exit(process.env.DDBPLAN_REQUIRE_ORACLES === '1' ? 1 : 77)
}

function required(name) {
  try {
    return require(name)
  } catch (error) {
    if (error.code !== 'MODULE_NOT_FOUND') throw error
    return missing(name)
  }
}

function examples() {
  const names = readdirSync(join(root, 'examples')).filter((name) => name.endsWith('.yaml')).sort()
  return names.map((name) => join(root, 'examples', name))
}

// Standard output of ddbplan, whether it has findings (exit status 1) or not.
function run(args) {
  const done = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 30 })
  if (done.error) throw done.error
  if (done.status > 1 || done.status === null) {
    throw new Error(`ddbplan ${args.join(' ')}: exit ${done.status}\n${done.stderr}`)
  }
  return done.stdout
}

// Collects failures; `end` prints them and leaves with the right status.
class Judgement {
  constructor() {
    this.checked = 0
    this.failed = 0
  }

  check(holds, what) {
    this.checked += 1
    if (holds) return
    this.failed += 1
    console.log(`FAILED ${what}`)
  }

  end() {
    console.log(`${this.checked - this.failed} passed, ${this.failed} failed`)
    if (this.checked === 0) console.log('nothing was checked')
    process.exit(this.failed > 0 || this.checked === 0 ? 1 : 0)
  }
}

module.exports = { Judgement, examples, missing, program, required, root, run }
