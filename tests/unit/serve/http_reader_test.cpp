#include "serve/http_reader.h"

#include <doctest/doctest.h>

#include <cstring>
#include <string>
#include <vector>

#include "support/prng.h"

using ddbplan::serve::HttpLimits;
using ddbplan::serve::HttpMessage;
using ddbplan::serve::HttpReader;
using ddbplan::serve::HttpState;

namespace {

void feed(HttpReader& reader, std::string_view bytes) {
  std::memcpy(reader.reserve(bytes.size()), bytes.data(), bytes.size());
  reader.received(bytes.size());
}

/// "METHOD target body|..." of everything in the bytes, which come in pieces of `piece` bytes.
std::string read_all(std::string_view bytes, std::size_t piece, HttpLimits limits = {}) {
  HttpReader reader(limits);
  std::string out;
  while (!bytes.empty()) {
    feed(reader, bytes.substr(0, piece));
    bytes.remove_prefix(std::min(piece, bytes.size()));
    while (true) {
      const HttpState state = reader.advance();
      if (state == HttpState::incomplete) break;
      if (state != HttpState::complete) return out + "failed";
      const HttpMessage& message = reader.message();
      out += std::string(message.method) + " " + std::string(message.target) + " " +
             std::string(message.header("X-Name")) + " " + std::string(message.body) + "|";
    }
  }
  return out;
}

constexpr std::string_view kThree =
    "POST / HTTP/1.1\r\nHost: a\r\nx-name: one\r\nContent-Length: 5\r\n\r\nhello"
    "GET /health HTTP/1.1\r\nHost: a\r\n\r\n"
    "POST / HTTP/1.1\r\nHost: a\r\nX-Name: two\r\nTransfer-Encoding: chunked\r\n\r\n"
    "3\r\nabc\r\n4\r\ndefg\r\n0\r\n\r\n";

}  // namespace

TEST_CASE("pipelined requests come one by one, whatever the pieces") {
  for (std::size_t piece = 1; piece <= kThree.size(); ++piece) {
    CAPTURE(piece);
    REQUIRE(read_all(kThree, piece) == "POST / one hello|GET /health  |POST / two abcdefg|");
  }
}

TEST_CASE("many requests on one connection") {
  std::string bytes;
  std::string expected;
  for (int i = 0; i < 500; ++i) {
    const std::string body(static_cast<std::size_t>(i), 'b');
    bytes += "POST / HTTP/1.1\r\nContent-Length: " + std::to_string(i) + "\r\n\r\n" + body;
    expected += "POST /  " + body + "|";
  }
  CHECK(read_all(bytes, 1000) == expected);
}

TEST_CASE("what is no HTTP is refused") {
  CHECK(read_all("nonsense\r\n\r\n", 100) == "failed");
  CHECK(read_all(std::string("\x16\x03\x01\x02", 4) + std::string(20, '\0'), 100) == "failed");
  CHECK(read_all("POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", 100) == "failed");
}

TEST_CASE("a length beside chunks is refused: two readers could see two requests") {
  CHECK(read_all("POST / HTTP/1.1\r\nContent-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n"
                 "0\r\n\r\n",
                 100) == "failed");
}

TEST_CASE("sizes have limits") {
  const HttpLimits limits{.header_bytes_max = 100, .body_bytes_max = 10};
  CHECK(read_all("POST / HTTP/1.1\r\nX: " + std::string(101, 'x') + "\r\n\r\n", 7, limits) ==
        "failed");
  CHECK(read_all("POST /" + std::string(101, 'x') + " HTTP/1.1\r\n\r\n", 7, limits) == "failed");
  CHECK(read_all("POST / HTTP/1.1\r\nContent-Length: 11\r\n\r\n", 7, limits) == "failed");
  CHECK(read_all("POST / HTTP/1.1\r\nContent-Length: 10\r\n\r\n0123456789", 7, limits) ==
        "POST /  0123456789|");
  CHECK(read_all("POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nabcdef\r\n6\r\nabcdef"
                 "\r\n0\r\n\r\n",
                 7, limits) == "failed");
}

TEST_CASE("a header is as long in pieces as it is whole") {
  // The fuzzer found 4 bytes counted for every piece of a name.
  const std::string request =
      "GET /x HTTP/1.1\r\nHost: a\r\nA-Rather-Long-Name-Of-A-Header: 1\r\n\r\n";
  const HttpLimits limits{.header_bytes_max = 60, .body_bytes_max = 10};
  CHECK(read_all(request, request.size(), limits) == "GET /x  |");
  CHECK(read_all(request, 1, limits) == "GET /x  |");
}

TEST_CASE("whatever comes, it is read or refused") {
  ddbplan::support::Prng random(7);
  for (int i = 0; i < 20'000; ++i) {
    std::string bytes(kThree);
    for (std::uint64_t changes = random.below(6); changes > 0; --changes) {
      const std::size_t at = random.below(bytes.size());
      if (random.below(3) == 0) {
        bytes.erase(at, 1 + random.below(20));
      } else if (random.below(2) == 0) {
        bytes.insert(at, bytes.substr(random.below(bytes.size()), random.below(40)));
      } else {
        bytes[at] = static_cast<char>(random.below(256));
      }
    }
    const std::size_t piece = 1 + random.below(bytes.size());
    // The same bytes are the same requests, in whatever pieces they come.
    REQUIRE(read_all(bytes, piece) == read_all(bytes, bytes.size()));
  }
}

TEST_CASE("a client that waits for leave to send its body gets it once") {
  HttpReader reader;
  feed(reader, "POST / HTTP/1.1\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  CHECK(reader.advance() == HttpState::incomplete);
  CHECK(reader.take_expectation());
  CHECK_FALSE(reader.take_expectation());
  CHECK(reader.is_in_request());
  feed(reader, "ok");
  CHECK(reader.advance() == HttpState::complete);
  CHECK(reader.message().body == "ok");
  CHECK(reader.message().keep_alive);
}

TEST_CASE("the end of a connection can be asked for") {
  HttpReader reader;
  feed(reader, "GET / HTTP/1.1\r\nConnection: close\r\n\r\n");
  CHECK(reader.advance() == HttpState::complete);
  CHECK_FALSE(reader.message().keep_alive);
}
