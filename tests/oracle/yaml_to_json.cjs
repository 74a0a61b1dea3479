// Reads YAML files with npm's yaml in the version of YAML named first, and prints them as one JSON
// array: node yaml_to_json.cjs 1.1 FILE...
'use strict'
const { readFileSync } = require('node:fs')
const YAML = require('yaml')

const [version, ...files] = process.argv.slice(2)
const documents = files.map((file) => {
  const document = YAML.parseDocument(readFileSync(file, 'utf8'), { version, uniqueKeys: true })
  const problems = [...document.errors, ...document.warnings].map((problem) => problem.message)
  return problems.length > 0 ? { problems } : { value: document.toJS() }
})
console.log(JSON.stringify(documents))
