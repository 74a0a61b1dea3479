// Requests to a DynamoDB over HTTP, signed with Signature Version 4. HTTP, TLS and the signature are libcurl's,
// which is loaded when it is first asked for: linked, it and the 30 libraries behind it would be loaded at the
// start of every command, which is held under 10 ms.
#pragma once

#include <memory>
#include <string>

#include "remote/credentials.h"
#include "remote/endpoint.h"
#include "support/result.h"

namespace ddbplan::remote {

struct Reply {
  long status = 0;
  std::string body;
};

class Client {
 public:
  /// The error is a sentence: libcurl is not there, or is too old to sign and would send the keys otherwise.
  static support::Result<Client, std::string> connect(const Endpoint& endpoint,
                                                      const std::string& region,
                                                      Credentials credentials);
  Client(Client&&) noexcept;
  Client& operator=(Client&&) noexcept;
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client();

  /// `operation` as the API Reference names it, `body` its JSON. An answer of any status is a Reply; the error,
  /// a sentence, is about the network. Nothing is sent twice, and no redirection is followed.
  support::Result<Reply, std::string> post(const std::string& operation, const std::string& body);

 private:
  struct State;
  explicit Client(std::unique_ptr<State> state);
  std::unique_ptr<State> state_;
};

}  // namespace ddbplan::remote
