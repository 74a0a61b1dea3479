#include "remote/client.h"

#include <array>

#include <curl/curl.h>
#include <dlfcn.h>

namespace ddbplan::remote {
namespace {

constexpr long kConnectSecondsMax = 10;
constexpr long kSecondsMax = 60;
/// A response of the service has at most 16 MB.
constexpr std::size_t kBodyBytesMax = 64UL * 1024 * 1024;

/// The functions of libcurl that are used, once it is loaded. It stays loaded.
struct Curl {
  decltype(&curl_global_init) global_init = nullptr;
  decltype(&curl_easy_init) init = nullptr;
  decltype(&curl_easy_setopt) set = nullptr;
  decltype(&curl_easy_perform) perform = nullptr;
  decltype(&curl_easy_getinfo) get = nullptr;
  decltype(&curl_easy_cleanup) cleanup = nullptr;
  decltype(&curl_easy_strerror) error = nullptr;
  decltype(&curl_slist_append) append = nullptr;
  decltype(&curl_slist_free_all) free_all = nullptr;
};

template <class Function>
bool find(void* library, const char* name, Function& function) {
  // dlsym returns a void*, which POSIX lets be a function.
  function = reinterpret_cast<Function>(dlsym(library, name));
  return function != nullptr;
}

std::optional<Curl> load_curl() {
  // Debian and Ubuntu: libcurl4 or libcurl4t64, or the flavour with GnuTLS.
  constexpr std::array<const char*, 2> kNames = {"libcurl.so.4", "libcurl-gnutls.so.4"};
  for (const char* name : kNames) {
    void* library = dlopen(name, RTLD_NOW | RTLD_LOCAL);
    if (library == nullptr) continue;
    Curl curl;
    const bool is_whole = find(library, "curl_global_init", curl.global_init) &&
                          find(library, "curl_easy_init", curl.init) &&
                          find(library, "curl_easy_setopt", curl.set) &&
                          find(library, "curl_easy_perform", curl.perform) &&
                          find(library, "curl_easy_getinfo", curl.get) &&
                          find(library, "curl_easy_cleanup", curl.cleanup) &&
                          find(library, "curl_easy_strerror", curl.error) &&
                          find(library, "curl_slist_append", curl.append) &&
                          find(library, "curl_slist_free_all", curl.free_all);
    if (is_whole && curl.global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK) return curl;
  }
  return std::nullopt;
}

std::size_t collect(char* data, std::size_t size, std::size_t count, void* body) {
  auto& text = *static_cast<std::string*>(body);
  if (text.size() + size * count > kBodyBytesMax) return 0;
  text.append(data, size * count);
  return size * count;
}

}  // namespace

struct Client::State {
  Curl curl;
  CURL* handle = nullptr;
  std::string url;
  std::string user;
  std::string signing;
  std::string session_token;
  bool loopback = false;

  State() = default;
  State(const State&) = delete;
  State& operator=(const State&) = delete;
  ~State() {
    if (handle != nullptr) curl.cleanup(handle);
  }

  /// What all requests have in common.
  void prepare() const {
    curl.set(handle, CURLOPT_URL, url.c_str());
    curl.set(handle, CURLOPT_PROTOCOLS_STR, "http,https");
    curl.set(handle, CURLOPT_FOLLOWLOCATION, 0L);
    curl.set(handle, CURLOPT_NOSIGNAL, 1L);
    curl.set(handle, CURLOPT_CONNECTTIMEOUT, kConnectSecondsMax);
    curl.set(handle, CURLOPT_TIMEOUT, kSecondsMax);
    curl.set(handle, CURLOPT_USERPWD, user.c_str());
    curl.set(handle, CURLOPT_AWS_SIGV4, signing.c_str());
    curl.set(handle, CURLOPT_WRITEFUNCTION, &collect);
    // What is on this machine is not asked for through a proxy.
    if (loopback) curl.set(handle, CURLOPT_NOPROXY, "*");
  }
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

support::Result<Client, std::string> Client::connect(const Endpoint& endpoint, std::string region,
                                                     Credentials credentials) {
  const auto curl = load_curl();
  if (!curl)
    return std::string(
        "an endpoint needs libcurl, which is not on this machine (apt install libcurl4)");
  auto state = std::make_unique<State>();
  state->curl = *curl;
  state->handle = curl->init();
  if (state->handle == nullptr) return std::string("libcurl cannot be started");
  state->url = endpoint.url + "/";
  state->user = credentials.access_key + ":" + credentials.secret_key;
  state->signing = "aws:amz:" + region + ":dynamodb";
  state->session_token = std::move(credentials.session_token);
  state->loopback = endpoint.loopback;
  state->prepare();
  return Client(std::move(state));
}

support::Result<Reply, std::string> Client::post(const std::string& operation,
                                                 const std::string& body) {
  const State& state = *state_;
  curl_slist* headers = nullptr;
  const auto add = [&](const std::string& header) {
    headers = state.curl.append(headers, header.c_str());
  };
  add("Content-Type: application/x-amz-json-1.0");
  add("X-Amz-Target: DynamoDB_20120810." + operation);
  // Bodies are small, and waiting for "100 Continue" is not.
  add("Expect:");
  if (!state.session_token.empty()) add("X-Amz-Security-Token: " + state.session_token);
  Reply reply;
  state.curl.set(state.handle, CURLOPT_HTTPHEADER, headers);
  state.curl.set(state.handle, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
  state.curl.set(state.handle, CURLOPT_POSTFIELDS, body.c_str());
  state.curl.set(state.handle, CURLOPT_WRITEDATA, &reply.body);
  const CURLcode code = state.curl.perform(state.handle);
  state.curl.get(state.handle, CURLINFO_RESPONSE_CODE, &reply.status);
  state.curl.set(state.handle, CURLOPT_HTTPHEADER, nullptr);
  state.curl.free_all(headers);
  if (code != CURLE_OK) return operation + " of " + state.url + ": " + state.curl.error(code);
  return reply;
}

}  // namespace ddbplan::remote
