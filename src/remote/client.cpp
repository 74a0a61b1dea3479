#include "remote/client.h"

#include <array>
#include <vector>

#include <curl/curl.h>
#include <dlfcn.h>

namespace ddbplan::remote {
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

namespace {

constexpr long kConnectSecondsMax = 10;
constexpr long kSecondsMax = 60;
/// A response of the service has at most 16 MB.
constexpr std::size_t kBodyBytesMax = 64UL * 1024 * 1024;

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

/// Request headers, all of them or none.
class HeaderList {
 public:
  HeaderList(const Curl& curl, const std::vector<std::string>& lines) : curl_(curl) {
    for (const std::string& line : lines) {
      curl_slist* longer = curl_.append(first_, line.c_str());
      if (longer == nullptr) {
        curl_.free_all(first_);
        first_ = nullptr;
        return;
      }
      first_ = longer;
    }
  }
  HeaderList(const HeaderList&) = delete;
  HeaderList& operator=(const HeaderList&) = delete;
  ~HeaderList() { curl_.free_all(first_); }

  /// nullptr when there was no memory for them.
  [[nodiscard]] curl_slist* first() const { return first_; }

 private:
  const Curl& curl_;
  curl_slist* first_ = nullptr;
};

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

  /// Whether libcurl took the option. One that it did not take changes what is sent: without the signature the
  /// keys would go as the user and password of Basic authentication.
  template <class Value>
  [[nodiscard]] bool takes(CURLoption option, Value value) const {
    return curl.set(handle, option, value) == CURLE_OK;
  }
  /// What all requests have in common. False when this libcurl lacks some of it.
  [[nodiscard]] bool prepare() const {
    // The signature first: there is no moment when keys are set without it.
    return takes(CURLOPT_AWS_SIGV4, signing.c_str()) && takes(CURLOPT_USERPWD, user.c_str()) &&
           takes(CURLOPT_URL, url.c_str()) && takes(CURLOPT_PROTOCOLS_STR, "http,https") &&
           takes(CURLOPT_FOLLOWLOCATION, 0L) && takes(CURLOPT_NOSIGNAL, 1L) &&
           takes(CURLOPT_CONNECTTIMEOUT, kConnectSecondsMax) &&
           takes(CURLOPT_TIMEOUT, kSecondsMax) && takes(CURLOPT_WRITEFUNCTION, &collect) &&
           // What is on this machine is not asked for through a proxy.
           (!loopback || takes(CURLOPT_NOPROXY, "*"));
  }
};

Client::Client(std::unique_ptr<State> state) : state_(std::move(state)) {}
Client::Client(Client&&) noexcept = default;
Client& Client::operator=(Client&&) noexcept = default;
Client::~Client() = default;

support::Result<Client, std::string> Client::connect(const Endpoint& endpoint,
                                                     const std::string& region,
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
  if (!state->prepare())
    return std::string(
        "the libcurl of this machine cannot sign requests as they must be; 7.85 is the first that "
        "can");
  return Client(std::move(state));
}

support::Result<Reply, std::string> Client::post(const std::string& operation,
                                                 const std::string& body) {
  const State& state = *state_;
  std::vector<std::string> lines = {"Content-Type: application/x-amz-json-1.0",
                                    "X-Amz-Target: DynamoDB_20120810." + operation,
                                    // Bodies are small, and waiting for "100 Continue" is not.
                                    "Expect:"};
  if (!state.session_token.empty()) lines.push_back("X-Amz-Security-Token: " + state.session_token);
  const HeaderList headers(state.curl, lines);
  Reply reply;
  const bool is_ready =
      headers.first() != nullptr && state.takes(CURLOPT_HTTPHEADER, headers.first()) &&
      state.takes(CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size())) &&
      state.takes(CURLOPT_POSTFIELDS, body.c_str()) && state.takes(CURLOPT_WRITEDATA, &reply.body);
  if (!is_ready) return operation + " of " + state.url + ": libcurl does not take the request";
  const CURLcode code = state.curl.perform(state.handle);
  state.curl.get(state.handle, CURLINFO_RESPONSE_CODE, &reply.status);
  if (code != CURLE_OK) return operation + " of " + state.url + ": " + state.curl.error(code);
  return reply;
}

}  // namespace ddbplan::remote
