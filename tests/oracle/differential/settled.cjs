// Differences between our engine and DynamoDB Local that were found and settled: the corpus. Each
// rule says what differs, what decides it and how; it is matched against "type: message" of both
// sides ("OK: " for an answer). The service's documentation wins over DynamoDB Local; dynalite holds
// message texts that were captured from the service.
//
// Not here, because the generator avoids it: an update of nothing but REMOVE and DELETE creates no
// item (API Reference, AttributeUpdates: "DELETE - Nothing happens"); DynamoDB Local creates one.
'use strict'

const { text } = require('../compare.cjs')

const kBadKey = /does not match the schema|Type mismatch for|Missing the key/
const plainReasons = (reasons) => reasons.map(({ Message, ...rest }) => ({
  ...rest, Message: kBadKey.test(Message) ? 'bad key' : Message?.replace(/\.$/, ''),
}))
const kValidation = /^ValidationException: /

const kRules = [
  {
    name: 'a key that does not fit the schema has one message',
    ours: /The provided key element does not match the schema|Missing the key|Type mismatch for key/,
    theirs: /The number of conditions on the keys is invalid|Invalid attribute value type|The provided key element does not match the schema|One of the required keys was not given a value|Type mismatch for key|Missing the key/,
    by: 'the service (dynalite): "The provided key element does not match the schema"',
  },
  {
    name: 'inside a transaction a bad key cancels it',
    ours: /^TransactionCanceledException: .*ValidationError/,
    theirs: kValidation,
    by: 'API Reference, TransactWriteItems, cancellation reason "ValidationError"',
  },
  {
    name: 'constraints of the API model are checked before anything else',
    ours: /validation errors? detected: /,
    theirs: /./,
    by: 'the service (dynalite); DynamoDB Local checks them one by one, some of them never',
  },
  {
    name: 'JSON of a wrong type is a SerializationException',
    ours: /^SerializationException/,
    theirs: /./,
    by: 'the service (dynalite); DynamoDB Local reads some of it and fails inside on the rest',
  },
  {
    name: 'attribute values are checked before expressions, tables and keys',
    ours: /Supplied AttributeValue|contains duplicates|numeric value|may not be empty|Null attribute value types|significant digits|Number (over|under)flow|Binary sets should not be empty/,
    theirs: /./,
    by: 'the service (dynalite)',
  },
  {
    name: 'expressions are checked before the table is looked up and before its keys',
    ours: /ExpressionAttribute|Invalid (Update|Condition|Filter|Projection|KeyCondition)Expression|expression attribute/,
    theirs: /ResourceNotFoundException|number of conditions on the keys|Invalid attribute value type|does not match the schema|Invalid table\/index name|Type mismatch|required keys/,
    by: 'the service (dynalite)',
  },
  {
    name: 'an unknown table is "Requested resource not found"',
    ours: /^ResourceNotFoundException: Requested resource not found$/,
    theirs: /^ResourceNotFoundException: Cannot do operations on a non-existent table$/,
    by: 'the service (dynalite)',
  },
  {
    name: 'DuplicateItemException',
    ours: /^DuplicateItemException: /,
    theirs: /^DuplicateItem: /,
    by: 'API Reference, ExecuteStatement, errors',
  },
  {
    name: 'a consistent read of a global index has the service\'s message',
    ours: /Consistent reads are not supported on global secondary indexes/,
    theirs: /Consistent read cannot be true when querying a GSI|Consistent reads are not supported on global secondary indexes|./,
    by: 'the service (dynalite)',
  },
  {
    name: 'which two paths overlap',
    ours: /Two document paths (overlap|conflict)/,
    theirs: /Two document paths (overlap|conflict)/,
    by: 'the service (dynalite) names both; DynamoDB Local names the neighbour in its sorted list',
  },
  {
    name: 'the order of names in a list is not promised',
    ours: /valid types: |does not project \[|keys: \{|ComparisonOperator \w+ is not valid/,
    theirs: /valid types: |does not project \[|keys: \{|ComparisonOperator \w+ is not valid|One or more parameter values/,
    by: 'hash order inside the service',
  },
  {
    name: 'DeleteItem of nothing answers with capacity that nobody asked for',
    when: ({ operation, body }, ours, theirs) => operation === 'DeleteItem' && !body.ReturnConsumedCapacity &&
      Object.keys(ours).length === 0 && Object.keys(theirs).join() === 'ConsumedCapacity',
    by: 'API Reference, ReturnConsumedCapacity: NONE is the default',
  },
  {
    name: 'the messages of cancellation reasons: no full stop, and bad keys as elsewhere',
    when: (_, ours, theirs) => ours.reasons && theirs.reasons &&
      text(plainReasons(ours.reasons)) === text(plainReasons(theirs.reasons)),
    by: 'API Reference, TransactWriteItems: "The conditional request failed"; the service (dynalite)',
  },
  {
    name: 'legacy parameters are checked before the item is looked at',
    ours: /^ValidationException: (One or more parameter values were invalid: (Only DELETE|DELETE action|ADD action|Value |Invalid number|AttributeValues inside|ComparisonOperator|Exists|AttributeValueList)|The BETWEEN condition)/,
    theirs: /^(ConditionalCheckFailedException|ResourceNotFoundException|ValidationException)/,
    by: 'the service (dynalite)',
  },
  {
    name: 'operands of SET are read before its paths are judged',
    ours: /refers to an attribute that does not exist in the item|incorrect data type/,
    theirs: /document path provided in the update expression is invalid for update/,
    by: 'the service (dynalite)',
  },
  {
    name: 'what Select needs is checked with the other parameters',
    ours: /Must specify the AttributesToGet|Cannot specify the|ALL_PROJECTED_ATTRIBUTES can be used only/,
    theirs: kValidation,
    by: 'not documented: both are wrong requests, only which error comes first differs',
  },
  {
    name: 'a broken statement has the same message whatever breaks it',
    when: ({ operation }) => operation === 'ExecuteStatement',
    ours: /Statement wasn't well formed/,
    theirs: /^(ValidationException|InternalFailure)/,
    by: 'DynamoDB Local prints its parser\'s state',
  },
  {
    name: 'requests that DynamoDB Local fails on',
    theirs: /^InternalFailure/,
    by: 'a defect of DynamoDB Local',
  },
  {
    name: 'transactions\' lists without "1 validation error detected"',
    theirs: /^ValidationException: Value .* failed to satisfy constraint/,
    by: 'the service\'s form of constraint errors',
  },
]

const matches = (side, pattern) => {
  if (pattern === undefined) return true
  return pattern.test(`${side?.type ?? 'OK'}: ${side?.message ?? ''}`)
}

// The rule that settles a difference, or undefined.
function settle(request, ours, theirs) {
  return kRules.find((rule) => matches(ours, rule.ours) && matches(theirs, rule.theirs) &&
    (ours?.type === undefined || theirs?.type !== undefined || rule.theirs === undefined ||
      !rule.theirs.test('OK: ')) && (rule.when?.(request, ours, theirs) ?? true))
}

module.exports = { settle, kRules }
