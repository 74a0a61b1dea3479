// Random tables, keys, values and items. Few names and few values, so that requests hit what others
// wrote.
'use strict'

const kPlain = ['a', 'b', 'c', 'n1', 'l1', 'm1', 'ss', 'ns', 'bs', 'flag', 'nul']
const kTypes = ['S', 'N', 'B', 'BOOL', 'NULL', 'L', 'M', 'SS', 'NS', 'BS']
const base64 = (text) => Buffer.from(text, 'latin1').toString('base64')

class Values {
  constructor(random) {
    this.random = random
  }

  text() {
    const r = this.random
    return r.weighted([
      [6, () => r.pick(['x', 'y', 'xy', 'xyz', 'zz', 'Ab'])],
      [1, () => ''],
      [1, () => r.pick(['ä', '😀', 'a\u0000b', '"q"', 'back\\slash', ' '])],
      [1, () => 'long'.repeat(r.between(1, 30))],
    ])
  }
  number() {
    const r = this.random
    return r.weighted([
      [6, () => String(r.between(-3, 9))],
      [2, () => r.pick(['1.5', '-0.25', '100', '1e3', '0.001', '-7E-2', '0', '-0', '1.0', '0012'])],
      [1, () => r.pick(['99999999999999999999999999999999999999', '1E125', '1E-130', '-9.9E125'])],
    ])
  }
  binary() { return base64(this.random.pick(['x', 'xy', 'xyz', '\u0000', '\u00ff\u00fe', ''])) }

  scalar(type) {
    if (type === 'S') return { S: this.text() }
    if (type === 'N') return { N: this.number() }
    return { B: this.binary() }
  }
  // A key's value: scalar and not empty.
  key(type) {
    const r = this.random
    if (type === 'S') return { S: r.pick(['k1', 'k2', 'k3', 'K', 'k1x', 'ä']) }
    if (type === 'N') return { N: r.pick(['1', '2', '3', '-1', '2.5', '10', '1e2']) }
    return { B: base64(r.pick(['k', 'kk', '\u0001', '\u00ff'])) }
  }
  value(depth = 0, type = undefined) {
    const r = this.random
    const wanted = type ?? r.pick(depth > 1 ? ['S', 'N', 'BOOL'] : kTypes)
    const list = (make, most) => Array.from({ length: r.between(0, most) }, make)
    const set = (make) => [...new Set(Array.from({ length: r.between(1, 3) }, make))]
    switch (wanted) {
      case 'S': case 'N': case 'B': return this.scalar(wanted)
      case 'BOOL': return { BOOL: r.chance(0.5) }
      case 'NULL': return { NULL: true }
      case 'L': return { L: list(() => this.value(depth + 1), 3) }
      case 'M': return {
        M: Object.fromEntries(r.some(['a', 'b', 'x']).map((name) => [name, this.value(depth + 1)])),
      }
      case 'SS': return { SS: set(() => r.pick(['x', 'y', 'z'])) }
      case 'NS': return { NS: set(() => r.pick(['1', '2', '3'])) }
      default: return { BS: set(() => base64(r.pick(['x', 'y']))) }
    }
  }

  // What a client might get wrong.
  badValue() {
    return this.random.pick([{}, { S: 'a', N: '1' }, { N: 'x' }, { N: '' }, { N: '1E126' },
      { N: '123456789012345678901234567890123456789' }, { SS: [] }, { NS: ['1', '1.0'] },
      { SS: ['a', 'a'] }, { NULL: false }])
  }

  table(name) {
    const r = this.random
    const type = () => r.pick(['S', 'S', 'N', 'B'])
    const table = {
      name, partition: { name: 'pk', type: type() },
      sort: r.chance(0.7) ? { name: 'sk', type: type() } : undefined, indexes: [],
    }
    const projection = () => r.pick([{ ProjectionType: 'ALL' }, { ProjectionType: 'KEYS_ONLY' },
      { ProjectionType: 'INCLUDE', NonKeyAttributes: r.shuffled(['a', 'n1']).slice(0, r.between(1, 2)) }])
    if (r.chance(0.6)) {
      table.indexes.push({
        name: 'gsi', isGlobal: true, partition: { name: 'g1', type: type() },
        sort: r.chance(0.6) ? { name: 'g2', type: type() } : undefined, projection: projection(),
      })
    }
    if (table.sort && r.chance(0.5)) {
      table.indexes.push({
        name: 'lsi', isGlobal: false, partition: table.partition, sort: { name: 'c', type: 'N' },
        projection: projection(),
      })
    }
    return table
  }

  // An item's key attributes, and often those of indexes.
  keyOf(table) {
    const key = { [table.partition.name]: this.key(table.partition.type) }
    if (table.sort) key[table.sort.name] = this.key(table.sort.type)
    return key
  }
  item(table) {
    const r = this.random
    const item = this.keyOf(table)
    for (const name of r.some(kPlain)) item[name] = this.value(0, this.usualType(name))
    for (const index of table.indexes) {
      for (const part of [index.partition, index.sort]) {
        if (!part || part.name in this.keyNames(table)) continue
        delete item[part.name]
        if (r.chance(0.8)) item[part.name] = this.key(part.type)
      }
    }
    return item
  }
  keyNames(table) {
    return Object.fromEntries([table.partition, table.sort].filter(Boolean).map((p) => [p.name, p.type]))
  }
  // Attributes mostly have one type, so that expressions meet what they expect.
  usualType(name) {
    const usual = { a: 'S', b: undefined, c: 'N', n1: 'N', l1: 'L', m1: 'M', ss: 'SS', ns: 'NS',
      bs: 'BS', flag: 'BOOL', nul: 'NULL' }
    return this.random.chance(0.9) ? usual[name] : undefined
  }
}

function createTable(table) {
  const definitions = {}
  const schema = (of) => [of.partition, of.sort].filter(Boolean).map((part, i) => {
    definitions[part.name] = part.type
    return { AttributeName: part.name, KeyType: i === 0 ? 'HASH' : 'RANGE' }
  })
  const body = { TableName: table.name, KeySchema: schema(table), BillingMode: 'PAY_PER_REQUEST' }
  const add = (member, isGlobal) => {
    const indexes = table.indexes.filter((index) => index.isGlobal === isGlobal)
    if (indexes.length === 0) return
    body[member] = indexes.map((index) => ({
      IndexName: index.name, KeySchema: schema(index), Projection: index.projection,
    }))
  }
  add('GlobalSecondaryIndexes', true)
  add('LocalSecondaryIndexes', false)
  body.AttributeDefinitions = Object.entries(definitions)
    .map(([AttributeName, AttributeType]) => ({ AttributeName, AttributeType }))
  return body
}

module.exports = { Values, createTable, kPlain, kTypes }
