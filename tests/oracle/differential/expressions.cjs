// Random expressions with their placeholders, nearly always of the right form.
'use strict'
const { kPlain, kTypes } = require('./values.cjs')

const kComparators = ['=', '<>', '<', '<=', '>', '>=']

class Expressions {
  constructor(random, values, table) {
    this.random = random
    this.values = values
    this.table = table
    this.names = {}
    this.placeholders = {}
  }

  name(attribute) {
    if (this.random.chance(0.7)) return attribute
    const placeholder = `#${attribute}`
    this.names[placeholder] = attribute
    return placeholder
  }
  value(value) {
    const placeholder = `:v${Object.keys(this.placeholders).length}`
    this.placeholders[placeholder] = value
    return placeholder
  }
  attribute() {
    const r = this.random
    return r.chance(0.15) ? r.pick(['pk', 'sk', 'g1', 'g2', 'nope']) : r.pick(kPlain)
  }
  path(attribute = this.attribute()) {
    const r = this.random
    let path = this.name(attribute)
    if (attribute === 'l1' && r.chance(0.5)) path += `[${r.between(0, 3)}]`
    if (attribute === 'm1' && r.chance(0.5)) path += `.${this.name(r.pick(['a', 'b', 'x']))}`
    if (r.chance(0.04)) path += r.pick(['.a', '[0]', '[0].b'])
    return path
  }

  operand() {
    const r = this.random
    return r.weighted([
      [5, () => this.path()],
      [5, () => this.value(this.values.value(1))],
      [1, () => `size(${this.path()})`],
    ])
  }
  term() {
    const r = this.random
    const attribute = r.pick(kPlain)
    const likely = () => this.value(this.values.value(1, this.values.usualType(attribute)))
    return r.weighted([
      [5, () => `${this.path(attribute)} ${r.pick(kComparators)} ${likely()}`],
      [2, () => `${this.operand()} ${r.pick(kComparators)} ${this.operand()}`],
      [2, () => `attribute_exists(${this.path()})`],
      [2, () => `attribute_not_exists(${this.path()})`],
      [1, () => `attribute_type(${this.path()}, ${this.value({ S: r.pick([...kTypes, 'X']) })})`],
      [2, () => `begins_with(${this.path('a')}, ${this.value({ S: r.pick(['x', 'xy', '']) })})`],
      [1, () => `begins_with(${this.operand()}, ${this.operand()})`],
      [2, () => `contains(${this.path()}, ${this.value(this.values.value(2))})`],
      [1, () => `size(${this.path()}) ${r.pick(kComparators)} ${this.value({ N: String(r.below(4)) })}`],
      [2, () => {
        const [low, high] = r.chance(0.9) ? [{ N: '0' }, { N: '5' }] : [{ N: '5' }, { N: '0' }]
        return `${this.path('n1')} BETWEEN ${this.value(low)} AND ${this.value(high)}`
      }],
      [1, () => `${this.operand()} BETWEEN ${this.operand()} AND ${this.operand()}`],
      [2, () => `${this.path()} IN (${Array.from({ length: r.between(1, 3) }, likely).join(', ')})`],
    ])
  }
  condition(depth = 0) {
    const r = this.random
    if (depth > 2) return this.term()
    return r.weighted([
      [5, () => this.term()],
      [2, () => `${this.condition(depth + 1)} AND ${this.condition(depth + 1)}`],
      [2, () => `${this.condition(depth + 1)} OR ${this.condition(depth + 1)}`],
      [1, () => `NOT ${this.condition(depth + 1)}`],
      [2, () => `(${this.condition(depth + 1)})`],
    ])
  }

  projection() {
    const r = this.random
    return Array.from({ length: r.between(1, 4) }, () => this.path()).join(', ')
  }

  assigned(attribute) {
    const r = this.random
    const usual = () => this.value(this.values.value(1, this.values.usualType(attribute)))
    return r.weighted([
      [6, usual],
      [1, () => this.path()],
      [2, () => `if_not_exists(${this.path(attribute)}, ${usual()})`],
      [2, () => `${this.path('n1')} ${r.pick(['+', '-'])} ${this.value({ N: this.values.number() })}`],
      [1, () => `if_not_exists(${this.path('c')}, ${this.value({ N: '0' })}) + ${this.value({ N: '1' })}`],
      [2, () => `list_append(${this.path('l1')}, ${this.value({ L: [this.values.value(2)] })})`],
      [1, () => `${this.operand()} + ${this.operand()}`],
    ])
  }
  update() {
    const r = this.random
    const left = r.shuffled(kPlain)
    const take = () => r.chance(0.05) ? this.attribute() : left.pop() ?? 'a'
    const list = (make) => Array.from({ length: r.between(1, 2) }, make).join(', ')
    const clauses = {
      SET: () => list(() => {
        const attribute = take()
        return `${this.path(attribute)} = ${this.assigned(attribute)}`
      }),
      REMOVE: () => list(() => this.path(take())),
      ADD: () => list(() => {
        const attribute = r.pick(['n1', 'ss', 'ns', 'bs', 'c'])
        return `${this.path(attribute)} ${this.value(this.values.value(1, this.values.usualType(attribute)))}`
      }),
      DELETE: () => list(() => {
        const attribute = r.pick(['ss', 'ns', 'bs'])
        return `${this.path(attribute)} ${this.value(this.values.value(1, this.values.usualType(attribute)))}`
      }),
    }
    const creates = (clause) => clause === 'SET' || clause === 'ADD'
    const chosen = r.shuffled(Object.keys(clauses)).slice(0, r.weighted([[6, () => 1], [3, () => 2], [1, () => 3]]))
    // See settled.cjs: DynamoDB Local creates items by REMOVE.
    if (!chosen.some(creates)) chosen.push(r.pick(['SET', 'ADD']))
    return chosen.map((clause) => `${clause} ${clauses[clause]()}`).join(' ')
  }

  keyCondition(key) {
    const r = this.random
    const { partition, sort } = key
    const of = (part) => this.value(this.values.key(part.type))
    let text = `${this.name(partition.name)} = ${of(partition)}`
    if (sort && r.chance(0.6)) {
      text += ` AND ${r.weighted([
        [6, () => `${this.name(sort.name)} ${r.pick(['=', '<', '<=', '>', '>='])} ${of(sort)}`],
        [2, () => `${this.name(sort.name)} BETWEEN ${of(sort)} AND ${of(sort)}`],
        [2, () => `begins_with(${this.name(sort.name)}, ${of(sort)})`],
        [1, () => `${of(sort)} > ${this.name(sort.name)}`],
      ])}`
    }
    return text
  }

  // Adds the placeholders to a request, now and then one too many or too few.
  define(request) {
    const r = this.random
    if (r.chance(0.02)) this.placeholders[':unused'] = { S: 'u' }
    if (r.chance(0.02)) this.names['#unused'] = 'u'
    if (r.chance(0.02)) delete this.placeholders[Object.keys(this.placeholders)[0]]
    if (r.chance(0.01)) this.placeholders[':v0'] = this.values.badValue()
    if (Object.keys(this.names).length > 0) request.ExpressionAttributeNames = this.names
    if (Object.keys(this.placeholders).length > 0) request.ExpressionAttributeValues = this.placeholders
    return request
  }
  // A text with a small mistake.
  static spoiled(random, text) {
    const at = random.below(text.length + 1)
    return random.weighted([
      [2, () => text.slice(0, at) + text.slice(at + 1)],
      [2, () => text.slice(0, at) + random.pick(['(', ')', ' AND ', ',', '[', '.', ' ', '#', ':', '=', 'x', '-']) + text.slice(at)],
      [1, () => text.slice(0, at)],
      [1, () => ''],
    ])
  }
}

module.exports = { Expressions }
