// Differences between our engine and DynamoDB Local that were found and settled: the corpus. Each
// rule says what differs, what decides it and how; it is matched against "type: message" of both
// sides ("OK: " for an answer). The service's documentation wins over DynamoDB Local; dynalite holds
// message texts that were captured from the service.
//
// Not here, because the generator avoids it: an update of nothing but REMOVE and DELETE creates no
// item (API Reference, AttributeUpdates: "DELETE - Nothing happens"); DynamoDB Local creates one.
'use strict'

const { canonicalNumber, text } = require('../compare.cjs')

const kBadKey = /does not match the schema|Type mismatch for|Missing the key/
const plainReasons = (reasons) => reasons.map(({ Message, ...rest }) => ({
  ...rest, Message: kBadKey.test(Message) ? 'bad key' : Message?.replace(/\.$/, ''),
}))
const kValidation = /^ValidationException: /

// What DynamoDB Local says of another problem of the same request, where the service names an earlier
// one: never something that depends on what is stored alone.
const kOfTheRequest = new RegExp('^(?:TransactionCanceledException|ValidationException): (?:' + [
  'AttributesToGet', 'ALL_PROJECTED_ATTRIBUTES can be', 'Attribute names must', 'Cannot specify the',
  'Consistent read', 'Duplicate identifiers', 'Either the KeyCond', 'ExpressionAttribute(?:Names|Values) ',
  'Filter Expression can only',
  'Invalid \\w+Expression: ', 'Invalid attribute value type', 'Invalid table/index name', 'Key attributes must be',
  'Must specify the', 'Number of parameters', 'One of the required keys', 'Provided list of item keys',
  'One or more parameter values were invalid: (?:ADD|An |AttributeValue|Cannot|Comparison|DELETE|Exists|Global|' +
    'Input|Invalid|Null|One|Only|Secondary|Select|The|Type|Value)',
  'Query condition missed', 'Query key condition', 'Return values set to', 'Select ', 'Statement wasn',
  'The BETWEEN condition', 'The document path provided', 'The number of conditions', 'The provided key',
  'The table does not have', 'Transaction request cannot', 'Unsupported operation', 'Value provided in Expression',
  'ConditionalOperator ', 'Value .* failed to satisfy',
].join('|') + ')')
// What depends on the item that is stored: in ours and in DynamoDB Local's words.
const kOfTheItem = new RegExp('^ValidationException: (?:' + [
  'The provided expression refers to an attribute that does not exist', 'An operand in the update expression has',
  'The document path provided in the update expression', 'Type mismatch for attribute to update',
  'Attempting to store more than 38', 'DynamoDB only supports precision up to 38',
].join('|') + ')')
// Whether an update has two places that an item may not allow: actions, or operands of one.
const readsTwice = ({ UpdateExpression: update, AttributeUpdates: legacy, TransactItems: many }) =>
  many !== undefined || Object.keys(legacy ?? {}).length > 1 || /[,+-]|\b(SET|ADD|REMOVE|DELETE)\b.*\b(SET|ADD|REMOVE|DELETE)\b/i.test(update ?? '')
const ofRequestOrItem = new RegExp(`${kOfTheRequest.source}|${kOfTheItem.source}`)
// One problem in the service's words and in DynamoDB Local's.
const kSameProblem = [
  [/at 'tableName' failed/, /Invalid table\/index name/],
  [/Value null at 'key' failed/, /Cannot have null key for/],
  [/Value null at 'item' failed/, /Item to put in PutItem cannot be null/],
  [/at 'requestItems' failed/, /must have some requests set|cannot have a null or no requests set/],
  [/at 'transactItems' failed/, /at 'transactItems' failed/],
  [/at 'returnValues' failed/, /Return values set to invalid value/],
  [/at 'attributesToGet' failed/, /AttributesToGet cannot be empty/],
  [/at 'parameters' failed/, /Number of parameters in request/],
  [/significant digits/, /only supports precision up to 38 digits/],
  [/cannot be converted to a numeric value/, /cannot be converted into a number/],
  [/contains duplicates/, /contains duplicates/],
  [/Number overflow/, /Number overflow/],
  [/Number underflow/, /Number underflow/],
  [/may not be empty/, /may not be empty/],
  [/Supplied AttributeValue/, /Supplied AttributeValue/],
]
const isSameProblem = (_, ours, theirs) =>
  kSameProblem.some(([a, b]) => a.test(ours.message ?? '') && b.test(theirs.message ?? ''))
// Lists of names in one order, long numbers in one form, no space before what a syntax error is near to.
const plainMessage = (message) => message?.replace(/[[{]([^[\]{}]*)[\]}]/g, (_, list) => list.split(', ').sort().join())
  .replace(/-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/gi, canonicalNumber).replace('near: " ', 'near: "')
// Whether an answer's attributes are all in the other's, where documents and lists may have more.
const isPart = (part, whole) => part && whole && Object.keys(part).every((name) => {
  const [a, b] = [part[name], whole[name]]
  if (text(a ?? null) === text(b ?? null)) return true
  if (a?.M && b?.M) return isPart(a.M, b.M)
  return Boolean(a?.L && b?.L) && a.L.every((element) => b.L.some((other) => text(element) === text(other)))
})

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
    name: 'one problem in other words',
    ours: /^ValidationException/,
    theirs: /^ValidationException/,
    when: isSameProblem,
    by: 'the service (dynalite)',
  },
  {
    name: 'a message with its lists in another order, or its numbers written otherwise',
    when: (_, ours, theirs) => ours.message && ours.type === theirs.type &&
      plainMessage(ours.message) === plainMessage(theirs.message),
    by: 'hash order inside the service; numbers are printed as they are stored',
  },
  {
    name: 'members that DynamoDB Local never checks',
    ours: /1 validation error detected: Value '[^']*' at '(returnConsumedCapacity|returnValuesOnConditionCheckFailure|returnItemCollectionMetrics|conditionalOperator|select)' failed/,
    by: 'the service (dynalite)',
  },
  {
    name: 'constraints of the API model are checked before anything else',
    ours: /validation errors? detected: /,
    theirs: kOfTheRequest,
    by: 'the service (dynalite); DynamoDB Local checks them one by one',
  },
  {
    name: 'ReturnValues is checked before the table is looked up',
    ours: /Return values set to invalid value/,
    theirs: /^ResourceNotFoundException/,
    by: 'the service (dynalite)',
  },
  {
    name: 'JSON of a wrong type is a SerializationException',
    when: ({ isBroken }) => isBroken,
    ours: /^SerializationException/,
    by: 'the service (dynalite); DynamoDB Local reads some of it and fails inside on the rest',
  },
  {
    name: 'attribute values are checked before expressions, tables and keys',
    ours: /Supplied AttributeValue|contains duplicates|numeric value|may not be empty|Null attribute value types|significant digits|Number (over|under)flow|Binary sets should not be empty/,
    theirs: ofRequestOrItem,
    by: 'the service (dynalite)',
  },
  {
    name: 'expressions are checked before the table is looked up and before its keys',
    ours: /ExpressionAttribute|Invalid (Update|Condition|Filter|Projection|KeyCondition)Expression|expression attribute/,
    theirs: /ResourceNotFoundException|does not have the specified index|number of conditions on the keys|Invalid attribute value type|does not match the schema|Invalid table\/index name|Type mismatch|required keys|Return values set to|key attribute cannot contain an empty/,
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
    theirs: new RegExp(`Consistent read cannot be true when|${kOfTheRequest.source}`),
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
    ours: /^ValidationException: (One or more parameter values were invalid: (Only DELETE|DELETE action|ADD action|Value |Invalid number|AttributeValues inside|ComparisonOperator|Exists|AttributeValueList)|The BETWEEN condition|ConditionalOperator )/,
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
    ours: /Must specify the AttributesToGet|Cannot specify the|ALL_PROJECTED_ATTRIBUTES can be used only|Either the KeyConditions/,
    theirs: new RegExp(`^ResourceNotFoundException|${kOfTheRequest.source}`),
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
    name: 'a strongly consistent read of a global index is refused first, or last',
    when: ({ body }) => body.ConsistentRead && body.IndexName,
    ours: kOfTheRequest,
    theirs: /Consistent read cannot be true when/,
    by: 'not documented: both are wrong requests, only which error comes first differs',
  },
  {
    name: 'of two problems of one expression either comes first',
    when: (_, ours, theirs) => /Invalid \w+Expression/.exec(ours.message)?.[0] ===
      /Invalid \w+Expression/.exec(theirs.message)?.[0],
    ours: /used in (the document path|expression) is not defined|must be distinct|Incorrect operand type|redundant parentheses/,
    theirs: /used in (the document path|expression) is not defined|Incorrect operand type|Two document paths|BETWEEN operator requires/,
    by: 'not documented',
  },
  {
    name: 'placeholders without an expression come before what depends on values',
    ours: /ExpressionAttribute(Names|Values) can only be specified|Value provided in ExpressionAttribute/,
    theirs: ofRequestOrItem,
    by: 'the service (dynalite)',
  },
  {
    name: 'the type of an index key is told with the index\'s name',
    ours: /Type mismatch for Index Key|secondary index key to unsupported type/,
    theirs: /Invalid attribute value type|Type mismatch for Index Key|Updates on index keys must be/,
    by: 'the service (dynalite)',
  },
  {
    name: 'a transaction names no item twice, whatever its actions are',
    ours: /Transaction request cannot include multiple operations on one item/,
    theirs: new RegExp(`^TransactionCanceledException|number of conditions|${ofRequestOrItem.source}`),
    by: 'API Reference, TransactWriteItems: a ValidationException of the request',
  },
  {
    name: 'two numbers of one value are one key, however they are written',
    ours: /Transaction request cannot include multiple operations on one item/,
    when: ({ body }, ours, theirs) => theirs.type === undefined && /"N":"[^"]*e/i.test(JSON.stringify(body)),
    by: 'Developer Guide, "Data types": leading and trailing zeros are trimmed; DynamoDB Local compares the text',
  },
  {
    name: 'a key attribute is not updated, whatever the item',
    ours: /Cannot update attribute \w+\. This attribute is part of the key|Key attributes must be scalars/,
    theirs: new RegExp(`^(ConditionalCheckFailedException|TransactionCanceledException)|${kOfTheRequest.source}`),
    by: 'the service (dynalite): expressions are checked before items are read',
  },
  {
    name: 'the keys of a batch are checked before they are compared',
    ours: /The provided key element does not match the schema|Invalid ProjectionExpression/,
    theirs: /Provided list of item keys contains duplicates/,
    by: 'the service (dynalite)',
  },
  {
    name: 'of a condition without the partition key and a wrong filter either comes first',
    ours: /Query condition missed key schema element/,
    theirs: /Key attributes must be scalars|Filter Expression can only/,
    by: 'not documented: both are wrong requests',
  },
  {
    name: 'an index key of a wrong type is refused, also in an update that makes the item',
    when: ({ operation }, ours, theirs) => operation === 'UpdateItem' && theirs.type === undefined,
    ours: /attempted to update the secondary index key to unsupported type/,
    by: 'Developer Guide, "Using Global Secondary Indexes": a type that does not match the index key is a ValidationException',
  },
  {
    name: 'a condition without the partition key has its name',
    ours: /^ValidationException: Query condition missed key schema element: \w+$/,
    theirs: /^ValidationException: Query condition missed key schema element$/,
    by: 'the service (dynalite)',
  },
  {
    name: 'a filter asks only for what the index has, in a Scan as in a Query',
    when: ({ operation, body }) => operation === 'Scan' && body.IndexName && body.FilterExpression,
    ours: /does not project one or more filter attributes/,
    by: 'not documented; DynamoDB Local refuses the same filter of a Query',
  },
  {
    name: 'which attributes an index lacks: filter, projection or all',
    ours: /does not project|is not supported for global secondary index|can only contain non-primary key/,
    theirs: /does not project|is not supported for global secondary index|Key attributes must be scalars/,
    by: 'not documented: both are wrong requests, only which error comes first differs',
  },
  {
    name: 'a page that is full by Limit has a key to go on with',
    when: ({ body }, ours, theirs) => body.Limit !== undefined && ours.ScannedCount === body.Limit &&
      'LastEvaluatedKey' in ours && !('LastEvaluatedKey' in theirs) &&
      text({ ...ours, LastEvaluatedKey: 0 }) === text({ ...theirs, LastEvaluatedKey: 0 }),
    by: 'Developer Guide, "Paginating table query results": only an absent key says that it was the last page',
  },
  {
    name: 'of two problems of one statement either comes first',
    ours: /Number of parameters in request and statement/,
    theirs: /Duplicate identifiers in select clause|Statement wasn't well formed/,
    by: 'not documented',
  },
  {
    name: 'of two actions of one update that the item does not allow either comes first',
    ours: kOfTheItem,
    theirs: kOfTheItem,
    when: ({ body }) => readsTwice(body),
    by: 'not documented',
  },
  {
    name: 'UPDATED_OLD and UPDATED_NEW inside a document: the element, or the document',
    when: ({ body }, ours, theirs) => /^UPDATED_/.test(body.ReturnValues) && /[.[]/.test(body.UpdateExpression) &&
      isPart(ours.Attributes, theirs.Attributes),
    by: 'API Reference, UpdateItem: "only the updated attributes"; when DynamoDB Local shows more is not explained',
  },
  {
    name: 'at which token a path that ends in a dot is broken',
    when: ({ body }) => /\.\s*:/.test(JSON.stringify(body)),
    ours: /Invalid UpdateExpression: Syntax error; token: ":/,
    theirs: /Invalid UpdateExpression: Syntax error; token: /,
    by: 'not documented',
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

// The rule that settles a difference, or undefined. A pattern of theirs never means that they answered.
function settle(request, ours, theirs) {
  return kRules.find((rule) => matches(ours, rule.ours) && matches(theirs, rule.theirs) &&
    (ours?.type === undefined || theirs?.type !== undefined || rule.theirs === undefined ||
      !rule.theirs.test('OK: ')) && (!rule.when || Boolean(rule.when(request, ours, theirs))))
}

module.exports = { settle, kRules }
