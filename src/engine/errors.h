// The service's errors. Types are named as in the API Reference, without the namespace.
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "dynamo/request.h"
#include "support/result.h"

namespace ddbplan::engine {

template <class T>
using ApiResult = support::Result<T, dynamo::ApiError>;

inline dynamo::ApiError validation_error(std::string message) {
  return {"ValidationException", std::move(message), {}, {}};
}

/// "One or more parameter values were invalid: ...".
inline dynamo::ApiError invalid_parameter(const std::string& what) {
  return validation_error("One or more parameter values were invalid: " + what);
}

inline dynamo::ApiError table_not_found() {
  return {"ResourceNotFoundException", "Requested resource not found", {}, {}};
}

inline dynamo::ApiError condition_failed(dynamo::ConsumedCapacity consumed) {
  return {"ConditionalCheckFailedException",
          "The conditional request failed",
          {},
          {std::move(consumed)}};
}

}  // namespace ddbplan::engine
