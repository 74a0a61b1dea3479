// Differences between our engine and DynamoDB Local that were found and settled, each with what
// decides it. The service's documentation wins over DynamoDB Local.
'use strict'

const kRules = []

const matches = (side, pattern) => {
  if (pattern === undefined) return true
  if (side === null || side === undefined) return false
  return pattern.test(`${side.type ?? 'OK'}: ${side.message ?? ''}`)
}

// The rule that settles a difference, or undefined.
function settle(request, ours, theirs) {
  return kRules.find((rule) => matches(ours, rule.ours) && matches(theirs, rule.theirs) &&
    (rule.when?.(request, ours, theirs) ?? true))
}

module.exports = { settle, kRules }
