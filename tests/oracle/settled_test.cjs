// What counts as a settled difference, where the rules compute: it must not swallow others.
'use strict'
const { Judgement } = require('./judge.cjs')
const { settle } = require('./differential/settled.cjs')

const kWritten = 'a message with its lists in another order, or its numbers written otherwise'
const refusal = (message) => ({ type: 'ResourceNotFoundException', message })

function main() {
  const judgement = new Judgement()
  const check = (isSame, ours, theirs) => {
    const rule = settle({ operation: 'PutItem', body: {} }, refusal(ours), refusal(theirs))
    judgement.check((rule?.name === kWritten) === isSame, `${ours} and ${theirs}: ${rule?.name}`)
  }
  check(true, 'value 1E25', 'value 10000000000000000000000000')
  check(true, 'value 1.5e+25', 'value 15000000000000000000000000')
  check(true, 'bound 1e2', 'bound 100')
  check(true, 'names [a, b]', 'names [b, a]')
  // As doubles these would be one number.
  check(false, 'value 12345678901234567890123456', 'value 12345678901234567890123457')
  check(false, 'value 1E400', 'value 1E500')
  judgement.end()
}
main()
