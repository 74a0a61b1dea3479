// Legacy parameters for a write.
'use strict'
const { kPlain } = require('./values.cjs')

const kOperators = ['EQ', 'NE', 'IN', 'LE', 'LT', 'GE', 'GT', 'BETWEEN', 'NOT_NULL', 'NULL', 'CONTAINS',
  'NOT_CONTAINS', 'BEGINS_WITH']
const kCounts = { NULL: 0, NOT_NULL: 0, BETWEEN: 2 }

function condition(random, values, attribute) {
  const op = random.pick(kOperators)
  const type = values.usualType(attribute)
  let count = op === 'IN' ? random.between(1, 3) : kCounts[op] ?? 1
  if (random.chance(0.03)) count = random.between(0, 3)
  const made = { ComparisonOperator: op }
  if (count > 0) {
    const first = values.value(1, type)
    const same = () => values.value(1, Object.keys(first)[0])
    made.AttributeValueList = [first, ...Array.from({ length: count - 1 }, same)]
  }
  return made
}

function legacyCondition(random, values, body) {
  body.Expected = Object.fromEntries(random.shuffled(kPlain).slice(0, random.between(1, 2)).map((name) => [
    name, random.weighted([
      [4, () => condition(random, values, name)],
      [2, () => ({ Exists: false })],
      [2, () => ({ Value: values.value(1, values.usualType(name)) })],
      [1, () => ({ Exists: random.chance(0.5), Value: values.value(1, values.usualType(name)) })],
    ])]))
  if (random.chance(0.3)) body.ConditionalOperator = random.pick(['AND', 'OR'])
}

function legacyUpdate(random, values, body) {
  const updates = Object.fromEntries(random.shuffled(kPlain).slice(0, random.between(1, 3)).map((name) => {
    const Action = random.pick(['PUT', 'ADD', 'DELETE'])
    const update = { Action }
    const needsValue = Action !== 'DELETE' || ['ss', 'ns', 'bs'].includes(name)
    if (needsValue && random.chance(0.97)) update.Value = values.value(1, values.usualType(name))
    return [name, update]
  }))
  // See settled.cjs: DynamoDB Local creates items by DELETE.
  if (Object.values(updates).every(({ Action }) => Action === 'DELETE')) {
    updates.a = { Action: 'PUT', Value: values.value(1, 'S') }
  }
  body.AttributeUpdates = updates
}

module.exports = { legacyCondition, legacyUpdate }
