// PartiQL statements with parameters.
'use strict'

function statement(random, values, table) {
  const Parameters = []
  const parameter = (value) => { Parameters.push(value); return '?' }
  const key = values.keyOf(table)
  const byKey = () => Object.entries(key).map(([name, value]) => `"${name}" = ${parameter(value)}`).join(' AND ')
  const usual = (name) => values.value(1, values.usualType(name))
  const condition = () => random.weighted([
    [3, () => { const name = random.pick(['a', 'n1', 'c', 'flag']); return `"${name}" ${random.pick(['=', '<>', '<', '>='])} ${parameter(usual(name))}` }],
    [2, () => `"${random.pick(['a', 'm1', 'nul'])}" IS ${random.pick(['', 'NOT '])}MISSING`],
    [1, () => `"n1" BETWEEN ${parameter({ N: '0' })} AND ${parameter({ N: '5' })}`],
    [1, () => `"a" IN [${parameter({ S: 'x' })}, ${parameter({ S: 'y' })}]`],
    [1, () => `begins_with("a", ${parameter({ S: 'x' })})`],
    [1, () => `contains("ss", ${parameter({ S: 'x' })})`],
    [1, () => `size("l1") > ${parameter({ N: '1' })}`],
    [1, () => `attribute_type("b", ${parameter({ S: 'S' })})`],
  ])
  const where = () => random.chance(0.3) ? ` AND ${condition()}` : ''
  const name = `"${table.name}"`
  const text = random.weighted([
    [4, () => {
      const what = random.chance(0.6) ? '*' : random.some(['"a"', '"pk"', '"n1"', '"m1"."a"'], 1).join(', ')
      const filter = random.weighted([
        [2, () => ''],
        [3, () => ` WHERE "pk" = ${parameter(key.pk)}${where()}`],
        [2, () => ` WHERE ${condition()}`],
        [1, () => ` WHERE ${condition()} OR ${condition()}`],
        [1, () => ` WHERE NOT (${condition()} AND ${condition()})`],
      ])
      return `SELECT ${what} FROM ${name}${filter}`
    }],
    [3, () => {
      const item = values.item(table)
      const members = Object.entries(item).map(([attribute, value]) => `'${attribute}': ${parameter(value)}`)
      return `INSERT INTO ${name} VALUE {${members.join(', ')}}`
    }],
    [3, () => {
      const attribute = random.pick(['a', 'n1', 'b', 'l1', 'flag'])
      const action = random.weighted([
        [4, () => `SET "${attribute}" = ${parameter(usual(attribute))}`],
        [1, () => `SET "n1" = "n1" + ${parameter({ N: '1' })}`],
        [1, () => `SET "l1" = list_append("l1", ${parameter({ L: [{ S: 'x' }] })})`],
        [1, () => `SET "ss" = set_add("ss", ${parameter({ SS: ['x', 'q'] })})`],
        [2, () => `REMOVE "${attribute}"`],
      ])
      const returning = random.chance(0.6)
        ? ` RETURNING ${random.pick(['ALL', 'MODIFIED'])} ${random.pick(['NEW', 'OLD'])} *` : ''
      return `UPDATE ${name} ${action} WHERE ${byKey()}${where()}${returning}`
    }],
    [2, () => `DELETE FROM ${name} WHERE ${byKey()}${where()}${random.chance(0.5) ? ' RETURNING ALL OLD *' : ''}`],
  ])
  const body = { Statement: random.chance(0.02) ? text.slice(0, random.below(text.length)) : text }
  if (Parameters.length > 0) body.Parameters = Parameters
  return body
}

module.exports = { statement }
