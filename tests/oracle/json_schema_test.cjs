// The design of every example, as JSON, against schemas/design.schema.json.
// usage: json_schema_test.cjs DDBPLAN (NODE_PATH names the folder of the packages)
'use strict'
const { readFileSync } = require('node:fs')
const { join } = require('node:path')
const { Judgement, examples, required, root, run } = require('./judge.cjs')

const Ajv = required('ajv/dist/2020')

const schema = JSON.parse(readFileSync(join(root, 'schemas/design.schema.json'), 'utf8'))
const validate = new Ajv({ allErrors: true, strict: true, allowUnionTypes: true }).compile(schema)
const judgement = new Judgement()
const apart = ['--set', 'settings.layout=table-per-entity', '--set', 'settings.key_style=natural']
for (const example of examples()) {
  for (const settings of [[], apart]) {
    const text = run(['design', '--format', 'json', example, ...settings])
    if (text === '') continue // no design
    validate(JSON.parse(text))
    judgement.check(!validate.errors, `${example}: ${JSON.stringify(validate.errors)}`)
  }
}
judgement.end()
