// An account whose clock the test turns, asked in the service's JSON.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "engine/account.h"

namespace ddbplan::engine::testing {

class TestAccount {
 public:
  TestAccount();

  /// The response's body. Fails the test when the request is refused.
  std::string run(std::string_view operation, std::string_view body);
  /// "Type: message". Fails the test when the request is answered.
  std::string refused(std::string_view operation, std::string_view body);
  /// A member of a body, from a path such as "TableDescription.TableStatus" or "Records.0.eventName";
  /// strings bare, everything else as JSON, "" when it is not there.
  static std::string member(const std::string& body, std::string_view path);

  /// A table "orders" with the keys pk and sk; `more` are further members, each with a comma before.
  void create_orders(std::string_view more = "");
  void put(std::string_view item);

  std::int64_t now_ms = 1'700'000'000'000;
  Account account;
};

}  // namespace ddbplan::engine::testing
