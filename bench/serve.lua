-- Requests for wrk: wrk -s bench/serve.lua URL -- OPERATION ITEMS [SEED]
-- Items stand as bench/serve loads them: 25 in each collection of table and index. Ends with one
-- line of figures: requests, errors, microseconds of p50 and p99.
local operation, items, n = "GetItem", 100000, 1
local text = string.rep("x", 400)

local function key(i)
  return string.format('"pk":{"S":"customer-%06d"},"sk":{"S":"order-%04d"}',
    math.floor(i / 25), i % 25)
end

local function item(i)
  return string.format('{%s,"gpk":{"S":"group-%06d"},"status":{"S":"OPEN"},"total":{"N":"%d"},' ..
    '"text":{"S":"%s"}}', key(i), math.floor(i / 25), i, text)
end

local bodies = {
  GetItem = function(i)
    return string.format('{"TableName":"bench","Key":{%s}}', key(i))
  end,
  PutItem = function(i)
    return string.format('{"TableName":"bench","Item":%s}', item(i))
  end,
  UpdateItem = function(i)
    return string.format('{"TableName":"bench","Key":{%s},"UpdateExpression":' ..
      '"SET #t = #t + :one","ExpressionAttributeNames":{"#t":"total"},' ..
      '"ExpressionAttributeValues":{":one":{"N":"1"}}}', key(i))
  end,
  Query = function(i)
    return string.format('{"TableName":"bench","KeyConditionExpression":"pk = :p",' ..
      '"ExpressionAttributeValues":{":p":{"S":"customer-%06d"}}}', math.floor(i / 25))
  end,
  QueryIndex = function(i)
    return string.format('{"TableName":"bench","IndexName":"by_group","KeyConditionExpression":' ..
      '"gpk = :p","ExpressionAttributeValues":{":p":{"S":"group-%06d"}}}', math.floor(i / 25))
  end,
  TransactWriteItems = function(i)
    return string.format('{"TransactItems":[{"Put":{"TableName":"bench","Item":%s}},' ..
      '{"Put":{"TableName":"bench","Item":%s}}]}', item(i), item((i + 1) % items))
  end,
  BatchWriteItem = function(i)
    local puts = {}
    local first = math.floor(i / 25) * 25
    for k = first, first + 24 do
      puts[#puts + 1] = string.format('{"PutRequest":{"Item":%s}}', item(k))
    end
    return '{"RequestItems":{"bench":[' .. table.concat(puts, ",") .. ']}}'
  end,
}

local threads = 0
function setup(thread)
  thread:set("first", threads * 12345)
  threads = threads + 1
end

local headers
function init(args)
  operation, items, n = args[1], tonumber(args[2]), first or 0
  headers = {
    ["Content-Type"] = "application/x-amz-json-1.0",
    ["X-Amz-Target"] = "DynamoDB_20120810." .. operation:gsub("Index$", ""),
    ["X-Amz-Date"] = "20240101T000000Z",
    ["Authorization"] = "AWS4-HMAC-SHA256 Credential=bench/20240101/us-east-1/dynamodb/" ..
      "aws4_request, SignedHeaders=host;x-amz-date;x-amz-target, Signature=00",
  }
end

function request()
  -- A prime step visits every item in an order that no cache foresees.
  n = (n + 7919) % items
  return wrk.format("POST", "/", headers, bodies[operation](n))
end

function done(summary, latency)
  local errors = summary.errors
  io.write(string.format("FIGURES %d %d %d %d\n", summary.requests,
    errors.status + errors.read + errors.write + errors.connect + errors.timeout,
    latency:percentile(50), latency:percentile(99)))
end
