// Random requests of the data plane to a table: { operation, body }.
'use strict'
const { Expressions } = require('./expressions.cjs')
const { legacyCondition, legacyUpdate } = require('./legacy.cjs')
const { statement } = require('./statements.cjs')

class Requests {
  constructor(random, values, tables) {
    Object.assign(this, { random, values, tables })
  }

  table() { return this.random.pick(this.tables) }
  expressions(table) { return new Expressions(this.random, this.values, table) }

  key(table) {
    const r = this.random
    const key = this.values.keyOf(table)
    if (r.chance(0.03)) delete key[r.pick(Object.keys(key))]
    if (r.chance(0.02)) key.extra = { S: 'x' }
    if (r.chance(0.03)) key[r.pick(Object.keys(key))] = this.values.value()
    return key
  }
  item(table) {
    const r = this.random
    const item = this.values.item(table)
    if (r.chance(0.02)) delete item[r.pick(Object.keys(item))]
    if (r.chance(0.02)) item[r.pick(['pk', 'g1', 'c', 'a'])] = this.values.value()
    if (r.chance(0.02)) item.a = this.values.badValue()
    return item
  }
  spoil(text) {
    return this.random.chance(0.03) ? Expressions.spoiled(this.random, text) : text
  }

  addCondition(table, expressions, body) {
    if (this.random.chance(0.5)) body.ConditionExpression = this.spoil(expressions.condition())
    if (this.random.chance(0.3)) body.ReturnValuesOnConditionCheckFailure = 'ALL_OLD'
  }

  put(table = this.table()) {
    const r = this.random
    const body = { TableName: table.name, Item: this.item(table) }
    const expressions = this.expressions(table)
    if (r.chance(0.25)) legacyCondition(r, this.values, body)
    else this.addCondition(table, expressions, body)
    if (r.chance(0.4)) body.ReturnValues = r.pick(['ALL_OLD', 'NONE', 'ALL_OLD', 'UPDATED_NEW'])
    return { operation: 'PutItem', body: expressions.define(body) }
  }
  update(table = this.table()) {
    const r = this.random
    const body = { TableName: table.name, Key: this.key(table) }
    const expressions = this.expressions(table)
    if (r.chance(0.2)) {
      legacyUpdate(r, this.values, body)
      if (r.chance(0.3)) legacyCondition(r, this.values, body)
    } else {
      body.UpdateExpression = this.spoil(expressions.update())
      this.addCondition(table, expressions, body)
    }
    if (r.chance(0.7)) {
      body.ReturnValues = r.pick(['ALL_OLD', 'ALL_NEW', 'UPDATED_OLD', 'UPDATED_NEW', 'NONE'])
    }
    return { operation: 'UpdateItem', body: expressions.define(body) }
  }
  erase(table = this.table()) {
    const r = this.random
    const body = { TableName: table.name, Key: this.key(table) }
    const expressions = this.expressions(table)
    if (r.chance(0.2)) legacyCondition(r, this.values, body)
    else this.addCondition(table, expressions, body)
    if (r.chance(0.5)) body.ReturnValues = 'ALL_OLD'
    return { operation: 'DeleteItem', body: expressions.define(body) }
  }
  get(table = this.table()) {
    const r = this.random
    const body = { TableName: table.name, Key: this.key(table) }
    const expressions = this.expressions(table)
    if (r.chance(0.3)) body.ConsistentRead = true
    if (r.chance(0.1)) body.AttributesToGet = r.some(['a', 'b', 'pk', 'l1'], 1)
    else if (r.chance(0.5)) body.ProjectionExpression = this.spoil(expressions.projection())
    return { operation: 'GetItem', body: expressions.define(body) }
  }

  addPage(table, index, expressions, body) {
    const r = this.random
    if (index) body.IndexName = r.chance(0.98) ? index.name : 'nope'
    if (r.chance(0.2)) body.ConsistentRead = true
    if (r.chance(0.4)) body.FilterExpression = this.spoil(expressions.condition())
    if (r.chance(0.2)) body.ProjectionExpression = this.spoil(expressions.projection())
    if (r.chance(0.2)) {
      body.Select = r.pick(['COUNT', 'ALL_ATTRIBUTES', 'SPECIFIC_ATTRIBUTES', 'ALL_PROJECTED_ATTRIBUTES'])
    }
  }
  query() {
    const r = this.random
    const table = this.table()
    const index = table.indexes.length > 0 && r.chance(0.5) ? r.pick(table.indexes) : undefined
    const expressions = this.expressions(table)
    const body = { TableName: table.name }
    body.KeyConditionExpression = this.spoil(expressions.keyCondition(index ?? table))
    this.addPage(table, index, expressions, body)
    if (r.chance(0.3)) body.ScanIndexForward = false
    if (r.chance(0.2)) body.Limit = r.between(1, 4)
    return { operation: 'Query', body: expressions.define(body), key: index ?? table }
  }
  scan() {
    const r = this.random
    const table = this.table()
    const index = table.indexes.length > 0 && r.chance(0.4) ? r.pick(table.indexes) : undefined
    const expressions = this.expressions(table)
    const body = { TableName: table.name }
    this.addPage(table, index, expressions, body)
    return { operation: 'Scan', body: expressions.define(body), key: index ?? table }
  }

  batchGet() {
    const r = this.random
    const RequestItems = {}
    for (const table of r.some(this.tables, 1)) {
      const expressions = this.expressions(table)
      const keys = {}
      for (let i = r.between(1, 6); i > 0; --i) {
        const key = this.key(table)
        keys[r.chance(0.98) ? JSON.stringify(key) : i] = key
      }
      const of = { Keys: Object.values(keys) }
      if (r.chance(0.3)) of.ProjectionExpression = expressions.projection()
      if (Object.keys(expressions.names).length > 0) of.ExpressionAttributeNames = expressions.names
      RequestItems[table.name] = of
    }
    return { operation: 'BatchGetItem', body: { RequestItems } }
  }
  batchWrite() {
    const r = this.random
    const RequestItems = {}
    for (const table of r.some(this.tables, 1)) {
      const writes = {}
      for (let i = r.between(1, 6); i > 0; --i) {
        const put = r.chance(0.7)
        const content = put ? this.item(table) : this.key(table)
        const key = table.sort ? [content.pk, content.sk] : [content.pk]
        writes[r.chance(0.98) ? JSON.stringify(key) : i] =
          put ? { PutRequest: { Item: content } } : { DeleteRequest: { Key: content } }
      }
      RequestItems[table.name] = Object.values(writes)
    }
    return { operation: 'BatchWriteItem', body: { RequestItems } }
  }
  transactWrite() {
    const r = this.random
    const actions = Array.from({ length: r.between(1, 4) }, () => {
      const table = this.table()
      const [kind, request] = r.weighted([
        [3, () => ['Put', this.put(table)]],
        [3, () => ['Update', this.update(table)]],
        [2, () => ['Delete', this.erase(table)]],
        [1, () => ['ConditionCheck', this.erase(table)]],
      ])
      const body = request.body
      for (const name of ['ReturnValues', 'Expected', 'AttributeUpdates', 'ConditionalOperator']) delete body[name]
      if (kind === 'Update' && !body.UpdateExpression) {
        body.UpdateExpression = 'SET zz = :zz'
        body.ExpressionAttributeValues = { ...body.ExpressionAttributeValues, ':zz': { N: '1' } }
      }
      if (kind === 'ConditionCheck') body.ConditionExpression ??= 'attribute_not_exists(zz)'
      return { [kind]: body }
    })
    return { operation: 'TransactWriteItems', body: { TransactItems: actions } }
  }
  transactGet() {
    const r = this.random
    const gets = Array.from({ length: r.between(1, 4) }, () => {
      const { body } = this.get()
      delete body.ConsistentRead
      delete body.AttributesToGet
      return { Get: body }
    })
    return { operation: 'TransactGetItems', body: { TransactItems: gets } }
  }
  partiql() {
    const r = this.random
    const table = this.table()
    return { operation: 'ExecuteStatement', body: statement(r, this.values, table), key: table, anyOrder: true }
  }

  // What a client that was written by hand might send.
  broken() {
    const r = this.random
    const request = this.next(true)
    const { body } = request
    const name = r.pick(Object.keys(body))
    r.weighted([
      [3, () => { delete body[name] }],
      [1, () => { body[name] = r.pick([5, true, [], {}, 'x', '']) }],
      [1, () => { body.TableName = r.pick(['nope', 'no', 'a b', '']) }],
      [1, () => { body.ReturnConsumedCapacity = 'SOME' }],
    ])
    return { ...request, isBroken: true }
  }

  next(whole = false) {
    return this.random.weighted([
      [6, () => this.put()], [8, () => this.update()], [3, () => this.erase()], [3, () => this.get()],
      [6, () => this.query()], [3, () => this.scan()], [1, () => this.batchGet()],
      [1, () => this.batchWrite()], [3, () => this.transactWrite()], [1, () => this.transactGet()],
      [3, () => this.partiql()], [whole ? 0 : 1, () => this.broken()],
    ])
  }
}

module.exports = { Requests }
