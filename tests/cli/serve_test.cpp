// `ddbplan serve` as a process: its ready line, its end, and what survives when it is killed.
#include <doctest/doctest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "support/prng.h"
#include "tests/cli/server_process.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

using ddbplan::test::ServerProcess;
using ddbplan::test::TemporaryDirectory;
using ddbplan::test::WireClient;

namespace {

constexpr std::string_view kTable =
    R"({"TableName":"log","AttributeDefinitions":[{"AttributeName":"pk","AttributeType":"S"}],)"
    R"("KeySchema":[{"AttributeName":"pk","KeyType":"HASH"}],"BillingMode":"PAY_PER_REQUEST"})";

std::string put(const std::string& key) {
  return R"({"TableName":"log","Item":{"pk":{"S":")" + key + R"("}}})";
}

std::string put_pair(const std::string& key) {
  return R"({"TransactItems":[{"Put":)" + put(key + "a") + R"(},{"Put":)" + put(key + "b") + "}]}";
}

constexpr std::string_view kBoth =
    R"({"TransactItems":[{"Get":{"TableName":"log","Key":{"pk":{"S":"left"}}}},)"
    R"({"Get":{"TableName":"log","Key":{"pk":{"S":"right"}}}}]})";

std::string add(const std::string& key, const std::string& amount) {
  return R"({"TableName":"log","Key":{"pk":{"S":")" + key +
         R"("}},"UpdateExpression":"ADD n :a","ExpressionAttributeValues":{":a":{"N":")" + amount +
         R"("}}})";
}

/// The attribute n of the item with this key, in a response that has its attributes in order.
int number_of(const std::string& body, const std::string& key) {
  const std::size_t at = body.find(R"("pk":{"S":")" + key);
  if (at == std::string::npos) return 0;
  const std::string_view number = R"("n":{"N":")";
  const std::size_t start = body.rfind(number, at);
  return start == std::string::npos ? 0 : std::atoi(body.c_str() + start + number.size());
}

bool has(WireClient& client, const std::string& key) {
  const auto answer =
      client.ask("GetItem", R"({"TableName":"log","Key":{"pk":{"S":")" + key + R"("}}})");
  REQUIRE(answer);
  REQUIRE(answer->status == 200);
  return answer->body != "{}";
}

/// The first string of this name in a body; empty when there is none.
std::string string_in(const std::string& body, const std::string& name, std::size_t from = 0) {
  const std::string start = '"' + name + "\":\"";
  const std::size_t at = body.find(start, from);
  if (at == std::string::npos) return "";
  const std::size_t begin = at + start.size();
  return body.substr(begin, body.find('"', begin) - begin);
}

/// Reads the only stream to its end, again and again, and goes on where it was.
class StreamReader {
 public:
  void read(WireClient& client) {
    if (iterator_.empty()) start(client);
    for (bool has_more = true; has_more;) {
      const auto page = client.ask("DynamoDBStreams_20120810.GetRecords",
                                   R"({"ShardIterator":")" + iterator_ + R"("})");
      REQUIRE(page);
      REQUIRE_MESSAGE(page->status == 200, page->body);
      has_more = false;
      for (std::size_t at = page->body.find(kKeys); at != std::string::npos;
           at = page->body.find(kKeys, at + 1)) {
        const std::string sequence = string_in(page->body, "SequenceNumber", at);
        CHECK(sequence > sequence_);
        sequence_ = sequence;
        ++records_[string_in(page->body, "S", at)];
        has_more = true;
      }
      iterator_ = string_in(page->body, "NextShardIterator");
    }
  }
  /// How many records there are of an item.
  [[nodiscard]] int of(const std::string& key) const {
    const auto found = records_.find(key);
    return found == records_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::size_t items() const { return records_.size(); }

 private:
  static constexpr std::string_view kKeys = R"("Keys":{"pk":)";

  void start(WireClient& client) {
    const auto ask = [&client](const std::string& operation, const std::string& body) {
      return client.ask("DynamoDBStreams_20120810." + operation, body)->body;
    };
    const std::string arn = string_in(ask("ListStreams", "{}"), "StreamArn");
    const std::string stream = ask("DescribeStream", R"({"StreamArn":")" + arn + R"("})");
    const std::string body = R"({"StreamArn":")" + arn + R"(","ShardId":")" +
                             string_in(stream, "ShardId") +
                             R"(","ShardIteratorType":"TRIM_HORIZON"})";
    iterator_ = string_in(ask("GetShardIterator", body), "ShardIterator");
  }

  std::string iterator_;
  std::string sequence_;
  std::map<std::string, int> records_;
};

/// Writes on one connection until it ends: single items and pairs in transactions, in turn.
class Writer {
 public:
  Writer(int port, std::string prefix)
      : prefix_(std::move(prefix)), thread_([this, port] { write(port); }) {}
  void join() { thread_.join(); }

  /// Every acknowledged write is there, of pairs both or none, and of what is there the stream has
  /// one record: returns how many are wrong.
  [[nodiscard]] int lost(WireClient& client, const StreamReader& stream) const {
    int lost = 0;
    const auto is_there = [&](const std::string& key) {
      const bool there = has(client, key);
      if (stream.of(key) != (there ? 1 : 0)) ++lost;
      return there;
    };
    for (int i = 0; i <= tried_; ++i) {
      const bool is_acknowledged = i < acknowledged_;
      if (i % 2 == 0) {
        if (!is_there(key(i)) && is_acknowledged) ++lost;
        continue;
      }
      const bool first = is_there(key(i) + "a");
      const bool second = is_there(key(i) + "b");
      if (first != second || (is_acknowledged && !first)) ++lost;
    }
    return lost;
  }
  [[nodiscard]] int acknowledged() const { return acknowledged_; }

 private:
  [[nodiscard]] std::string key(int i) const { return prefix_ + "-" + std::to_string(i); }

  void write(int port) {
    try {
      write_until_refused(port);
    } catch (const std::runtime_error&) {
      // Killed before the connection was made.
    }
  }

  void write_until_refused(int port) {
    WireClient client(port);
    for (int i = 0;; ++i) {
      tried_ = i;
      const auto answer = i % 2 == 0 ? client.ask("PutItem", put(key(i)))
                                     : client.ask("TransactWriteItems", put_pair(key(i)));
      if (!answer || answer->status != 200) return;
      acknowledged_ = i + 1;
    }
  }

  std::string prefix_;
  int tried_ = 0;
  std::atomic<int> acknowledged_ = 0;
  std::thread thread_;
};

}  // namespace

TEST_CASE("a signal lets it end by itself") {
  for (const int signal : {SIGTERM, SIGINT}) {
    ServerProcess server({});
    CHECK(server.ready_line() ==
          "ddbplan: ready on http://127.0.0.1:" + std::to_string(server.port()) + "\n");
    WireClient client(server.port());
    CHECK(client.ask("ListTables", "{}")->body == R"({"TableNames":[]})");
    server.send_signal(signal);
    CHECK(server.wait() == 0);
  }
}

TEST_CASE("a schema's tables and seed are there, or the tables alone") {
  const std::string schema =
      (ddbplan::test::source_directory() / "examples" / "shop.yaml").string();
  const auto count = [](ServerProcess& server) {
    WireClient client(server.port());
    const std::string tables = client.ask("ListTables", "{}")->body;
    const std::size_t start = tables.find("[\"") + 2;
    const std::string table = tables.substr(start, tables.find('"', start) - start);
    const std::string page =
        client.ask("Scan", R"({"TableName":")" + table + R"(","Select":"COUNT"})")->body;
    return std::atoi(page.c_str() + page.find(':') + 1);
  };
  ServerProcess seeded({schema});
  CHECK(count(seeded) > 0);
  ServerProcess empty({schema, "--empty"});
  CHECK(count(empty) == 0);
}

TEST_CASE("clients at once: no addition is lost, and no sum is seen half") {
  ServerProcess server({"--threads", "4"});
  REQUIRE(WireClient(server.port()).ask("CreateTable", kTable)->status == 200);
  constexpr int kClients = 4;
  constexpr int kRounds = 200;
  std::atomic<int> wrong = 0;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&server, &wrong] {
      WireClient client(server.port());
      for (int round = 0; round < kRounds; ++round) {
        if (client.ask("UpdateItem", add("counter", "1"))->status != 200) ++wrong;
        // What one account loses the other gets.
        const std::string transfer = R"({"TransactItems":[{"Update":)" + add("left", "1") +
                                     R"(},{"Update":)" + add("right", "-1") + "}]}";
        if (client.ask("TransactWriteItems", transfer)->status != 200) ++wrong;
        const std::string both = client.ask("TransactGetItems", kBoth)->body;
        if (number_of(both, "left") + number_of(both, "right") != 0) ++wrong;
      }
    });
  }
  for (std::thread& client : clients) client.join();
  CHECK(wrong == 0);
  WireClient client(server.port());
  const std::string counter =
      client.ask("GetItem", R"({"TableName":"log","Key":{"pk":{"S":"counter"}}})")->body;
  CHECK(number_of(counter, "counter") == kClients * kRounds);
}

TEST_CASE("a killed server loses no acknowledged write, and no stream record of one") {
  const char* effort = std::getenv("DDBPLAN_TEST_EFFORT");
  const int kills = effort != nullptr && std::string(effort) == "long" ? 200 : 20;
  ddbplan::support::Prng random(20);
  const TemporaryDirectory folder;
  const std::vector<std::string> arguments = {"--data", folder.path().string(), "--threads", "2"};
  {
    ServerProcess server(arguments);
    const std::string table(kTable.substr(0, kTable.size() - 1));
    const std::string streamed =
        table + R"(,"StreamSpecification":{"StreamEnabled":true,"StreamViewType":"KEYS_ONLY"}})";
    REQUIRE(WireClient(server.port()).ask("CreateTable", streamed)->status == 200);
  }
  StreamReader stream;
  int acknowledged = 0;
  for (int round = 0; round < kills; ++round) {
    std::vector<std::unique_ptr<Writer>> writers;
    {
      ServerProcess server(arguments);
      for (int i = 0; i < 4; ++i) {
        writers.push_back(std::make_unique<Writer>(
            server.port(), std::to_string(round) + "-" + std::to_string(i)));
      }
      // On a slow machine too, something is acknowledged before it is killed.
      for (int i = 0; i < 5000 && writers.front()->acknowledged() == 0; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      std::this_thread::sleep_for(std::chrono::milliseconds(random.between(0, 120)));
      server.send_signal(SIGKILL);
      server.wait();
      for (const auto& writer : writers) writer->join();
    }
    ServerProcess server(arguments);
    WireClient client(server.port());
    stream.read(client);
    for (const auto& writer : writers) {
      CHECK(writer->lost(client, stream) == 0);
      acknowledged += writer->acknowledged();
    }
  }
  MESSAGE(kills << " kills, " << acknowledged << " acknowledged writes, " << stream.items()
                << " items in the stream");
  CHECK(acknowledged >= kills);
}
