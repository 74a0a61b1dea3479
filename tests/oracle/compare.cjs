// Compares answers of two DynamoDBs as far as the service promises anything: items by value, order
// by the sort key of what was queried, counts, the errors' types, consumed units by index.
'use strict'

// Attribute values in one form: numbers without exponent or trailing zeros, sets sorted.
function canonicalNumber(text) {
  const match = /^(-?)0*(\d*)(?:\.(\d*))?(?:[eE]([+-]?\d+))?$/.exec(text)
  if (!match) return text
  const [, sign, whole, fraction = '', exponent = '0'] = match
  const digits = (whole + fraction).replace(/^0+/, '')
  if (digits.replace(/0+$/, '') === '') return '0'
  const trimmed = digits.replace(/0+$/, '')
  const power = Number(exponent) - fraction.length + (digits.length - trimmed.length)
  return `${sign}${trimmed}e${power}`
}

function canonical(value) {
  if (Array.isArray(value)) return value.map(canonical)
  if (value === null || typeof value !== 'object') return value
  const names = Object.keys(value)
  if (names.length === 1) {
    const [type] = names
    if (type === 'N' && typeof value.N === 'string') return { N: canonicalNumber(value.N) }
    if (type === 'NS' && Array.isArray(value.NS)) return { NS: value.NS.map(canonicalNumber).sort() }
    if ((type === 'SS' || type === 'BS') && Array.isArray(value[type])) {
      return { [type]: [...value[type]].sort() }
    }
  }
  return Object.fromEntries(names.sort().map((name) => [name, canonical(value[name])]))
}

const text = (value) => JSON.stringify(canonical(value))
const sameSet = (a, b) => text([...a].map(text).sort()) === text([...b].map(text).sort())

// Runs of items with one sort key: [{ key, items }].
function runsOf(items, sortNames) {
  const runs = []
  for (const item of items) {
    const key = text(sortNames.map((name) => item[name] ?? null))
    if (runs.at(-1)?.key === key) runs.at(-1).items.push(item)
    else runs.push({ key, items: [item] })
  }
  return runs
}

// Items with equal sort keys may come in any order, so a page may begin and end with others of the
// same run than the judge's: how the pages agree is 'same', 'tied' (nothing but such runs at their
// ends differs) or 'different'. A Scan has no sort keys (null); a Query of an index without one has none
// that differ ([]): all it may return is one run.
function agreement(ours, theirs, sortNames, start, mayGoOn) {
  if (sortNames === null) return sameSet(ours, theirs) ? 'same' : 'different'
  const [a, b] = [runsOf(ours, sortNames), runsOf(theirs, sortNames)]
  const equal = ({ key, items }, other) => key === other.key && sameSet(items, other.items)
  if (a.length === b.length && a.every((run, i) => equal(run, b[i]))) return 'same'
  const startKey = start && text(sortNames.map((name) => start[name] ?? null))
  for (const runs of [a, b]) {
    if (runs[0]?.key === startKey) runs.shift()
    if (mayGoOn) runs.pop()
  }
  const length = mayGoOn ? Math.min(a.length, b.length) : Math.max(a.length, b.length)
  for (let i = 0; i < length; ++i) if (!a[i] || !b[i] || !equal(a[i], b[i])) return 'different'
  return 'tied'
}

const shortened = (value) => {
  const line = text(value ?? 'nothing')
  return line.length > 600 ? `${line.slice(0, 600)} ...` : line
}

// What differs between two responses of one operation, as sentences; `tied`: they may, and so may
// what they cost.
function differences(operation, request, ours, theirs, sortNames) {
  const found = []
  const differ = (what, a, b) => found.push(`${what}: ${shortened(a)} and ${shortened(b)}`)
  if (operation === 'Query' || operation === 'Scan') {
    const a = ours.Items ?? []
    const b = theirs.Items ?? []
    const mayGoOn = 'LastEvaluatedKey' in ours || 'LastEvaluatedKey' in theirs
    const agreed = agreement(a, b, sortNames, request.ExclusiveStartKey, mayGoOn)
    if (agreed === 'tied') return { found, tied: true }
    if (agreed === 'different') differ('items', a, b)
    for (const name of ['Count', 'ScannedCount']) {
      if (ours[name] !== theirs[name]) differ(name, ours[name], theirs[name])
    }
    if (('LastEvaluatedKey' in ours) !== ('LastEvaluatedKey' in theirs)) {
      differ('LastEvaluatedKey', ours.LastEvaluatedKey, theirs.LastEvaluatedKey)
    }
  } else if (operation === 'BatchGetItem') {
    const tables = new Set([...Object.keys(ours.Responses), ...Object.keys(theirs.Responses)])
    for (const table of tables) {
      const a = ours.Responses[table] ?? []
      const b = theirs.Responses[table] ?? []
      if (!sameSet(a, b)) differ(`items of ${table}`, a, b)
    }
  } else {
    for (const name of ['Item', 'Attributes', 'Responses']) {
      if (text(ours[name] ?? null) !== text(theirs[name] ?? null)) {
        differ(name, ours[name], theirs[name])
      }
    }
  }
  return { found, tied: false }
}

// Units by table and index: {"shop": 1, "shop.GSI1": 0.5}.
function units(response) {
  const list = [response.ConsumedCapacity ?? []].flat()
  const found = {}
  const add = (name, capacity) => {
    if (capacity > 0) found[name] = (found[name] ?? 0) + capacity
  }
  for (const of of list) {
    add(of.TableName, of.Table?.CapacityUnits ?? 0)
    for (const indexes of [of.GlobalSecondaryIndexes, of.LocalSecondaryIndexes]) {
      for (const [name, capacity] of Object.entries(indexes ?? {})) {
        add(`${of.TableName}.${name}`, capacity.CapacityUnits)
      }
    }
  }
  return found
}

module.exports = { agreement, canonicalNumber, differences, sameSet, text, units }
